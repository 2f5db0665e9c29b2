import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit, displayGtin, hasValidCheckDigit, isValidGtin, toGtin14 } from '../../src/kernel/gtin.js';
import { expandUpcE } from '../../src/kernel/upc-e.js';
import { digits, gtin14 } from '../features/barcode/codes/build-messages.js';

describe('check digit', () => {
  it.each([
    ['600108734001', '4'],
    ['7351353', '7'],
    ['03600024145', '7'],
    ['1061414100041', '5'],
    ['37610425002123456', '9'],
  ])('of %s is %s', (body, expected) => {
    expect(checkDigit(body)).toBe(expected);
  });

  it('tells every single wrong digit', () => {
    fc.assert(
      fc.property(gtin14, fc.nat(13), fc.integer({ min: 1, max: 9 }), (gtin, position, shift) => {
        const wrong = gtin.slice(0, position) + String((Number(gtin[position]) + shift) % 10) + gtin.slice(position + 1);
        expect(isValidGtin(gtin)).toBe(true);
        expect(isValidGtin(wrong)).toBe(false);
      }),
    );
  });

  it('is not held by text, by one digit or by nothing', () => {
    for (const text of ['', '0', 'A', '600108734001４', '60010873400I4']) expect(hasValidCheckDigit(text)).toBe(false);
  });
});

describe('display of a GTIN', () => {
  it.each([
    ['06001087340014', '6001087340014'],
    ['00036000241457', '036000241457'],
    ['00000012345670', '12345670'],
    ['16001087340011', '16001087340011'],
    ['SHELF-17', 'SHELF-17'],
  ])('%s is printed as %s', (stored, printed) => {
    expect(displayGtin(stored)).toBe(printed);
  });

  it('is the same GTIN again', () => {
    fc.assert(fc.property(gtin14, (gtin) => toGtin14(displayGtin(gtin)) === gtin));
  });
});

describe('UPC-E', () => {
  it.each([
    ['01234505', '012000003455'],
    ['04252614', '042100005264'],
    ['01234531', '012300000451'],
    ['01234543', '012340000053'],
    ['01234565', '012345000065'],
    ['05096893', '050968000093'],
    ['00123457', '001234000057'],
  ])('%s stands for %s', (upcE, upcA) => {
    expect(expandUpcE(upcE)).toBe(upcA);
  });

  it('is none with a wrong check digit, another number system or another length', () => {
    for (const text of ['04252615', '24252614', '4252614', '042526140', 'ABCDEFGH']) expect(expandUpcE(text)).toBeUndefined();
  });

  it('expands to a UPC-A that holds, or not at all', () => {
    fc.assert(
      fc.property(digits(7), (rest) => {
        const upcA = expandUpcE(`0${rest}`);
        return upcA === undefined || (upcA.length === 12 && isValidGtin(upcA));
      }),
    );
  });
});
