import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDigit } from '../../../../src/kernel/gtin.js';
import { priceCheckDigit } from '../../../../src/features/barcode/codes/price-check-digit.js';
import {
  readVariableMeasureSetting,
  VARIABLE_MEASURE_SCHEMES,
} from '../../../../src/features/barcode/codes/variable-measure-setting.js';
import { digits } from './build-messages.js';
import { read, rejection } from './helpers.js';

const withCheck = (body: string): string => body + checkDigit(body);

describe('the check digit of a price or weight', () => {
  it.each([
    ['2875', '9'],
    ['14685', '6'],
    ['0000', '0'],
    ['00000', '0'],
  ])('of %s is %s', (value, expected) => {
    expect(priceCheckDigit(value)).toBe(expected);
  });

  it('tells every single wrong digit', () => {
    fc.assert(
      fc.property(fc.oneof(digits(4), digits(5)), fc.nat(4), fc.integer({ min: 1, max: 9 }), (value, at, shift) => {
        const position = at % value.length;
        const wrong = value.slice(0, position) + String((Number(value[position]) + shift) % 10) + value.slice(position + 1);
        expect(priceCheckDigit(wrong)).not.toBe(priceCheckDigit(value));
      }),
    );
  });

  it('is only for four or five digits', () => {
    expect(priceCheckDigit('123')).toBeUndefined();
  });
});

describe('numbers of a scale', () => {
  it.each([
    ['ITEM5_PRICE5', '20' + '00451' + '01295', { price: { amount: '12.95' } }, ['02000451000008', '2000451', '00451']],
    ['ITEM5_WEIGHT5', '25' + '00451' + '01295', { weightKg: '1.295' }, [undefined, '2500451', '00451']],
    ['ITEM6_PRICE4', '21' + '000451' + '1295', { price: { amount: '12.95' } }, [undefined, '21000451', '000451']],
    ['ITEM6_WEIGHT4', '21' + '000451' + '0500', { weightKg: '0.5' }, [undefined, '21000451', '000451']],
    ['ITEM5_CHECKED_PRICE4', '23' + '00451' + '9' + '2875', { price: { amount: '28.75' } }, [undefined, '2300451', '00451']],
    ['ITEM4_CHECKED_WEIGHT5', '24' + '0451' + '6' + '14685', { weightKg: '14.685' }, [undefined, '240451', '0451']],
  ])('%s reads %s', (setting, body, parsed, candidates) => {
    const reading = read(withCheck(body), setting);
    expect(reading.parsed).toMatchObject({ gtin: `0${withCheck(body)}`, ...parsed });
    const [base, ...texts] = candidates;
    if (base !== undefined) expect(reading.variableMeasure?.candidates[0]).toBe(base);
    expect(reading.variableMeasure?.candidates.slice(1)).toEqual(texts);
    expect(reading.candidates.slice(0, 2)).toEqual([withCheck(body), `0${withCheck(body)}`]);
    expect(reading.key).toBe(reading.variableMeasure?.candidates[0]);
  });

  it('has one key for every price, which is the number with its price zeroed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VARIABLE_MEASURE_SCHEMES), digits(5), (scheme, value) => {
        const item = scheme.startsWith('ITEM4') ? '4321' : scheme.startsWith('ITEM5') ? '54321' : '654321';
        const field = value.slice(0, 10 - item.length - (scheme.includes('CHECKED') ? 1 : 0));
        const verifier = scheme.includes('CHECKED') ? (priceCheckDigit(field) ?? '') : '';
        const zeroed = withCheck(`22${item}`.padEnd(12, '0'));
        expect(read(withCheck(`22${item}${verifier}${field}`), scheme).key).toBe(`0${zeroed}`);
        expect(read(zeroed, scheme).parsed).toEqual({ gtin: `0${zeroed}` });
      }),
    );
  });

  it('are rejected when the price is misread, though the number’s own check digit holds', () => {
    const misread = withCheck('23' + '00451' + '9' + '2876');
    expect(rejection(misread, 'ITEM5_CHECKED_PRICE4')).toContain('price');
    expect(read(misread, 'ITEM5_CHECKED_PRICE4').candidates).toEqual([misread, `0${misread}`]);
  });

  it('of a UPC-A that begins with 2 are those of prefix 02', () => {
    const upcA = withCheck('2' + '00451' + '9' + '2875');
    for (const code of [upcA, `0${upcA}`, `00${upcA}`]) {
      expect(read(code, 'ITEM5_CHECKED_PRICE4').parsed).toMatchObject({ price: { amount: '28.75' } });
    }
  });

  it('are numbers like any other in a shop without scales, and for other prefixes', () => {
    const code = withCheck('200045101295');
    expect(read(code)).toMatchObject({ parsed: { gtin: `0${code}` }, key: `0${code}` });
    expect(read(code).variableMeasure).toBeUndefined();
    expect(read(code, '21:ITEM5_PRICE5').variableMeasure).toBeUndefined();
    expect(read('6001087340014', 'ITEM5_PRICE5').variableMeasure).toBeUndefined();
  });
});

describe('the setting', () => {
  it('gives prefixes their own schemes', () => {
    const setting = '20-24:ITEM5_PRICE5, 28:ITEM5_WEIGHT5';
    expect(read(withCheck('240045101295'), setting).parsed).toMatchObject({ price: { amount: '12.95' } });
    expect(read(withCheck('280045101295'), setting).parsed).toMatchObject({ weightKg: '1.295' });
    expect(read(withCheck('270045101295'), setting).variableMeasure).toBeUndefined();
  });

  it.each([
    '',
    'none',
    'ITEM9_PRICE9',
    'toString',
    '30:ITEM5_PRICE5',
    '20:',
    '24-20:ITEM5_PRICE5',
    '20:ITEM5_PRICE5,20-21:ITEM5_WEIGHT5',
  ])('%j is refused', (setting) => {
    expect(readVariableMeasureSetting(setting)).toMatchObject({
      ok: false,
      message: expect.stringContaining('ITEM5_PRICE5') as string,
    });
  });
});
