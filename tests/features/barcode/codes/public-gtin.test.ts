import { expect, test } from 'vitest';
import { isPublicGtin } from '../../../../src/features/barcode/codes/public-gtin.js';
import { checkDigit } from '../../../../src/kernel/gtin.js';

const whole = (body: string): string => body + checkDigit(body);

test.each([
  ['an EAN-13', '0600123456789', true],
  ['a UPC-A', '0001234567890', true],
  ['an EAN-8', '0000009638507', true],
  ['a case of an EAN-13', '1600123456789', true],
  ['a weighed good of EAN', '0200045101295', false],
  ['a weighed good of UPC', '0021234500000', false],
  ['a number of a company of its own', '0040000000000', false],
  ['an EAN-8 of a company of its own', '0000000123456', false],
  ['a coupon', '0991234567890', false],
  ['a coupon of UPC', '0050123456789', false],
  ['a refund receipt', '0980123456789', false],
])('%s', (_, body, isPublic) => {
  expect(isPublicGtin(whole(body))).toBe(isPublic);
});

test.each(['PARKED-CODE', '06001234567890', '6001234567897', '', `sha256:${'0'.repeat(64)}`])('%j is none', (code) => {
  expect(isPublicGtin(code)).toBe(false);
});
