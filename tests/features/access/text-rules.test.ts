import { describe, expect, test } from 'vitest';
import { optionalText, requireCode, requireLine } from '../../../src/features/access/text-rules.js';
import { DomainError } from '../../../src/kernel/errors.js';

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.path.join('.')}`;
    throw error;
  }
  return 'accepted';
}

describe('a line', () => {
  test('is trimmed and may hold any letters', () => {
    expect(requireLine('  Sôbô 日本 👍 & co. ', ['name'])).toBe('Sôbô 日本 👍 & co.');
  });

  test.each([
    ['nothing', ''],
    ['blank', ' \t '],
    ['null', null],
    ['a line break', 'a\nb'],
    ['NUL', 'a\0b'],
    ['half a character', 'a\ud800'],
    ['a zero-width space', 'a\u200bb'],
    ['too long', 'x'.repeat(201)],
  ])('is refused: %s', (_, text) => {
    expect(refusal(() => requireLine(text, ['name']))).toBe('INVALID name');
  });

  test('may be as long as the limit', () => {
    expect(refusal(() => requireLine('x'.repeat(200), ['name']))).toBe('accepted');
  });
});

test('a code is in upper case', () => {
  expect(requireCode(' shop-1 ', ['code'])).toBe('SHOP-1');
  expect(refusal(() => requireCode('x'.repeat(65), ['code']))).toBe('INVALID code');
});

test('a text may have lines, or not be there', () => {
  expect(optionalText(' a\nb ', ['description'], 10)).toBe('a\nb');
  expect([optionalText(null, [], 10), optionalText(undefined, [], 10), optionalText(' ', [], 10)]).toEqual([null, null, null]);
  expect(refusal(() => optionalText('a\0b', ['description'], 10))).toBe('INVALID description');
  expect(refusal(() => optionalText('12345678901', ['description'], 10))).toBe('INVALID description');
});
