import fc from 'fast-check';
import { parseValue } from 'graphql';
import { describe, expect, test } from 'vitest';
import { DateScalar, DateTimeScalar, DecimalScalar } from '../../src/graphql/scalars.js';
import { formatQuantity, quantity } from '../../src/kernel/quantity.js';

describe('Decimal', () => {
  test.each([
    ['12.5', '12.5'],
    [7, '7'],
    ['-0.000001', '-0.000001'],
    ['12.500000', '12.5'],
    ['0.0', '0'],
  ])('takes %j', (input, canonical) => {
    expect(formatQuantity(DecimalScalar.parseValue(input))).toBe(canonical);
  });

  test.each([[0.1], [1e21], [Number.NaN], ['1e3'], ['1,5'], [''], ['0.0000001'], ['123456789012345'], [true], [null], [{}]])(
    'refuses %j',
    (input) => {
      expect(() => DecimalScalar.parseValue(input)).toThrow(/^Decimal must be an exact decimal/);
    },
  );

  test('as a literal it is a string or an integer, never a float', () => {
    expect(DecimalScalar.parseLiteral(parseValue('"1.50"')).toFixed()).toBe('1.5');
    expect(DecimalScalar.parseLiteral(parseValue('3')).toFixed()).toBe('3');
    expect(() => DecimalScalar.parseLiteral(parseValue('1.5'))).toThrow(/write a fraction as a string/);
    expect(() => DecimalScalar.parseLiteral(parseValue('true'))).toThrow(/BooleanValue/);
  });

  test('goes out canonical, from a Quantity or a numeric column', () => {
    expect(DecimalScalar.serialize(quantity('1e-6'))).toBe('0.000001');
    expect(DecimalScalar.serialize('12.500000')).toBe('12.5');
    expect(() => DecimalScalar.serialize(1.5)).toThrow(TypeError);
  });

  test('what goes out comes back the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }), (millionths) => {
        const value = quantity(millionths.toString()).div(1e6);
        expect(DecimalScalar.parseValue(DecimalScalar.serialize(value)).eq(value)).toBe(true);
      }),
    );
  });
});

describe('DateTime', () => {
  test.each([
    ['2026-11-22T13:30:00Z', '2026-11-22T13:30:00.000Z'],
    ['2026-11-22T15:30:00.250+02:00', '2026-11-22T13:30:00.250Z'],
    ['2024-02-29t00:00:00z', '2024-02-29T00:00:00.000Z'],
    ['2026-01-01T00:30:00+02:00', '2025-12-31T22:30:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999Z'],
  ])('takes %s', (input, utc) => {
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(input))).toBe(utc);
  });

  test.each([
    ['2026-11-22T13:30:00'],
    ['2026-11-22'],
    ['2026-02-30T00:00:00Z'],
    ['2025-02-29T00:00:00Z'],
    ['2026-11-22T24:00:00Z'],
    ['2026-11-22T23:59:60Z'],
    ['2026-11-22T13:30:00+24:00'],
    ['2026-11-22 13:30:00Z'],
    ['0000-06-01T00:00:00Z'],
    ['0001-01-01T00:00:00+00:01'],
    ['9999-12-31T23:59:59-00:01'],
    [1_700_000_000_000],
  ])('refuses %j', (input) => {
    expect(() => DateTimeScalar.parseValue(input)).toThrow(/^DateTime must be an RFC 3339 instant with an offset/);
  });
});

describe('Date', () => {
  test('is a day that exists', () => {
    expect(DateScalar.parseValue('2028-02-29')).toBe('2028-02-29');
    for (const wrong of ['2027-02-29', '2027-13-01', '0000-01-01', '27-01-01', '2027-1-1', '2027-01-01T00:00:00Z', 20270101]) {
      expect(() => DateScalar.parseValue(wrong)).toThrow(/^Date must be a calendar day/);
    }
  });
});
