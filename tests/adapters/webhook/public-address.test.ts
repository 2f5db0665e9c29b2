import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../../src/adapters/webhook/public-address.js';
import { NOT_PUBLIC, PUBLIC } from './addresses.js';

test.each(PUBLIC)('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

describe.each(Object.entries(NOT_PUBLIC))('%s', (_, addresses) => {
  test.each(addresses)('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

test.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', 'fe80::1%eth0', '8.8.8.8 ', '8.8.8.8:443', '2606:4700::1%1'])(
  '"%s" is no address',
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);
