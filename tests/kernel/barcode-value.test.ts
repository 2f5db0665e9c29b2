import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CODE_LENGTH, MAX_PLAIN_TEXT_BYTES, normalizeBarcodeValue } from '../../src/kernel/barcode-value.js';
import { parseCode } from '../../src/features/barcode/codes/parse-code.js';
import { CURRENT_YEAR } from '../features/barcode/codes/helpers.js';

describe('a barcode that the catalogue registers', () => {
  it.each([
    ['6001087340014', '06001087340014', 'GTIN'],
    [' 6001087340014\r\n', '06001087340014', 'GTIN'],
    ['036000241457', '00036000241457', 'GTIN'],
    ['12345670', '00000012345670', 'GTIN'],
    ['04252614', '00042100005264', 'GTIN'],
    ['01234565', '00012345000065', 'GTIN'],
    ['16001087340011', '16001087340011', 'GTIN'],
    ['SHELF-17', 'SHELF-17', 'TEXT'],
    ['shelf-17', 'shelf-17', 'TEXT'],
    ['425261', '425261', 'TEXT'],
    ['4011', '4011', 'TEXT'],
    ['00451', '00451', 'TEXT'],
  ])('%j is stored as %s', (value, stored, kind) => {
    expect(normalizeBarcodeValue(value)).toEqual({ ok: true, value: stored, kind });
  });

  it.each(['6001087340015', '036000241458', '12345671', '16001087340014'])('%s is refused for its check digit', (value) => {
    expect(normalizeBarcodeValue(value)).toMatchObject({ ok: false, message: expect.stringContaining('check digit') as string });
  });

  it.each(['', '  \r\n', 'A\0B', 'A\ud800', '\udc00', 'x'.repeat(MAX_CODE_LENGTH + 1)])(
    '%# is refused as no barcode',
    (value) => {
      expect(normalizeBarcodeValue(value).ok).toBe(false);
    },
  );

  it('stores long text by its digest, each by its own', () => {
    const [long, other] = ['é'.repeat(MAX_PLAIN_TEXT_BYTES / 2 + 1), 'è'.repeat(MAX_PLAIN_TEXT_BYTES / 2 + 1)].map((text) =>
      normalizeBarcodeValue(text),
    );
    expect(long).toMatchObject({ ok: true, value: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string });
    expect(other).not.toEqual(long);
    expect(normalizeBarcodeValue('x'.repeat(MAX_PLAIN_TEXT_BYTES))).toMatchObject({ value: 'x'.repeat(MAX_PLAIN_TEXT_BYTES) });
  });

  it('is found by scanning it, whatever it is', () => {
    const awkward = fc.constantFrom(
      ']d2',
      ']E0ABC',
      '6001087340014 12',
      '(01)123',
      '^01',
      '<GS>',
      'https://a.b/01/06001087340015',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), awkward), (value) => {
        const stored = normalizeBarcodeValue(value);
        if (!stored.ok) return;
        const reading = parseCode(value, { variableMeasure: [], currentYear: CURRENT_YEAR });
        expect(reading.ok && reading.candidates).toContain(stored.value);
      }),
      { numRuns: 1000 },
    );
  });
});
