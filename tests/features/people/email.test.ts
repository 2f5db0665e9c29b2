import { expect, test } from 'vitest';
import { normalizeEmail } from '../../../src/features/people/email.js';

test.each([
  ['Thandi@Example.co.za', 'thandi@example.co.za'],
  [' thandi+shop@bücher.example ', 'thandi+shop@xn--bcher-kva.example'],
  ['\u212Aate@example.co.za', undefined],
  ['\u017Fipho@example.co.za', undefined],
  ['th\u0430ndi@example.co.za', undefined],
  ['a..b@example.co.za', undefined],
  ['@example.co.za', undefined],
  ['thandi', undefined],
])('%j is %j', (text, email) => {
  expect(normalizeEmail(text)).toBe(email);
});
