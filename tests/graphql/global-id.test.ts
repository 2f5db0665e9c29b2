import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idOf, parseGlobalId, toGlobalId } from '../../src/graphql/global-id.js';
import { newId } from '../../src/kernel/ids.js';

describe('global ids', () => {
  test('go out and come back, and fit into a URL', () => {
    const id = newId();
    const globalId = toGlobalId('StockItem', id);
    expect(globalId).toMatch(/^[\w-]{23}$/);
    expect(parseGlobalId(globalId)).toEqual({ type: 'StockItem', id });
    expect(idOf('StockItem', globalId)).toBe(id);
    expect(idOf('Location', globalId)).toBeUndefined();
  });

  test('of two types differ for the same row id', () => {
    const id = newId();
    expect(toGlobalId('Shop', id)).not.toBe(toGlobalId('Category', id));
  });

  test('have one spelling', () => {
    const globalId = toGlobalId('Shop', newId());
    const last = globalId.slice(-1);
    const siblings = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=').filter(
      (character) => character !== last,
    );
    const sameBytes = siblings
      .map((character) => globalId.slice(0, -1) + character)
      .filter((text) => decodesAlike(text, globalId));
    expect(sameBytes.length).toBeGreaterThan(0);
    for (const text of [...sameBytes, `${globalId}=`, ` ${globalId}`]) expect(parseGlobalId(text)).toBeUndefined();
  });

  test('anything else is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.uint8Array({ minLength: 17, maxLength: 17 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (text) => {
          const parsed = parseGlobalId(text);
          expect(parsed === undefined || toGlobalId(parsed.type, parsed.id) === text).toBe(true);
        },
      ),
    );
    expect(() => toGlobalId('Shop', '42')).toThrow(TypeError);
  });
});

function decodesAlike(left: string, right: string): boolean {
  return Buffer.from(left, 'base64url').equals(Buffer.from(right, 'base64url'));
}
