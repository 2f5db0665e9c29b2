import { describe, expect, test, vi } from 'vitest';
import { newId } from '../../src/kernel/ids.js';
import { buildConnection, decodeCursor, encodeCursor, parsePage, type KeysetOrder } from '../../src/platform/paging.js';

const BY_NAME: KeysetOrder = { name: 'things:NAME', kinds: ['text', 'id'] };
const BY_TIME: KeysetOrder = { name: 'things:TIME', kinds: ['instant', 'integer'] };

describe('parsePage', () => {
  test('takes 1 to 100 and has a default', () => {
    expect(parsePage({}, BY_NAME).size).toBe(20);
    expect(parsePage({ first: 100, after: null }, BY_NAME)).toEqual({ size: 100, after: undefined });
  });

  test.each([0, -1, 101, 1.5])('refuses first: %s and names the range', (first) => {
    expect(() => parsePage({ first }, BY_NAME)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining('from 1 to 100') as string }),
    );
  });
});

describe('cursors', () => {
  test('come back as they went out', () => {
    const values = ['2026-11-22T13:30:00.123456Z', '42'];
    expect(decodeCursor(encodeCursor(BY_TIME, values), BY_TIME)).toEqual(values);
  });

  const id = newId();
  test.each([
    ['text that is none', 'abc'],
    ['another order', encodeCursor({ ...BY_NAME, name: 'things:SKU' }, ['x', id])],
    ['a value too few', cursorOf([BY_NAME.name, 'x'])],
    ['a value of another kind', cursorOf([BY_NAME.name, 'x', '42'])],
    ['a NUL, which PostgreSQL refuses', cursorOf([BY_NAME.name, '\0', id])],
    ['a number', cursorOf([BY_NAME.name, 1, id])],
    ['no array', Buffer.from('{"a":1}').toString('base64url')],
    ['too long', 'A'.repeat(5000)],
  ])('%s is refused', (_, after) => {
    expect(() => parsePage({ after }, BY_NAME)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  test.each([['2026-02-30T00:00:00Z'], ['0000-01-01T00:00:00Z'], ['2026-02-03'], ['2026-02-03T00:00:00+02:00'], ['now']])(
    '%s is no instant',
    (instant) => {
      expect(() => encodeCursor(BY_TIME, [instant, '1'])).toThrow(TypeError);
    },
  );
});

describe('buildConnection', () => {
  test('keeps a page and knows of the next', async () => {
    const count = vi.fn(() => Promise.resolve(9));
    const connection = buildConnection(['a', 'b', 'c'], { size: 2, after: undefined }, (row) => `cursor ${row}`, count);
    expect(connection.nodes).toEqual(['a', 'b']);
    expect(connection.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: 'cursor a',
      endCursor: 'cursor b',
    });
    expect(count).not.toHaveBeenCalled();
    expect(await connection.totalCount()).toBe(9);
  });

  test('an empty page after a cursor', () => {
    const connection = buildConnection([], { size: 2, after: ['x'] }, String, () => Promise.resolve(0));
    expect(connection.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null });
  });
});

function cursorOf(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
