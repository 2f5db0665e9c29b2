import { expect, test } from 'vitest';
import { readRetryAfter } from '../../../src/adapters/http/retry-after.js';

const NOW = new Date('2026-11-22T10:00:00Z');

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['99999999999999999999', undefined],
  ['', undefined],
  [undefined, undefined],
  [['7', '8'], 7_000],
])('%j is %j ms', (header, expected) => {
  expect(readRetryAfter(header, NOW)).toBe(expected);
});
