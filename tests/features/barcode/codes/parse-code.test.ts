import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CODE_LENGTH } from '../../../../src/kernel/barcode-value.js';
import { parseCode } from '../../../../src/features/barcode/codes/parse-code.js';
import { CURRENT_YEAR, read, rejection } from './helpers.js';

/** Far above the few milliseconds that are measured, far below what a quadratic reading would take. */
const LONGEST_PARSE_MS = 2000;

describe('EAN, UPC and ITF', () => {
  it.each([
    ['6001087340014', '06001087340014'],
    ['\t6001087340014\r\n', '06001087340014'],
    ['036000241457', '00036000241457'],
    ['12345670', '00000012345670'],
    ['04252614', '00042100005264'],
    [']E001234565', '00012345000065'],
    [']E401234565', '00000001234565'],
    [']I116001087340011', '16001087340011'],
    [']C06001087340014', '06001087340014'],
    [']d16001087340014', '06001087340014'],
  ])('%j is GTIN %s', (code, gtin) => {
    const { parsed, key, candidates, unresolvedRejection } = read(code);
    expect(parsed.gtin).toBe(gtin);
    expect(key).toBe(gtin);
    expect(candidates).toContain(gtin);
    expect(unresolvedRejection).toBeUndefined();
  });

  it('looks eight digits that can be both up as UPC-E and as EAN-8', () => {
    expect(read('01234565').candidates).toEqual(['01234565', '00012345000065', '00000001234565']);
  });

  it.each(['6001087340015', '036000241458', '12345671', '16001087340014', ']E06001087340015', '6001087340015 12'])(
    '%s is rejected unless the shop has it',
    (code) => {
      expect(rejection(code)).toContain('check digit');
      expect(read(code).candidates[0]).toBe(code);
    },
  );

  it.each([
    ['6001087340014 12', '6001087340014', '12'],
    ['6001087340014  51299', '6001087340014', '51299'],
    ['036000241457 05', '036000241457', '05'],
    ['978073520044951299', '9780735200449', '51299'],
    [']E3978073520044912', '9780735200449', '12'],
  ])('%j keeps its add-on beside the code', (code, main, addOn) => {
    const reading = read(code);
    expect(reading.code).toBe(main);
    expect(reading.parsed).toMatchObject({ gtin: main.padStart(14, '0'), addOn });
  });

  it.each(['978073520044051299', '12345671 12', '6001087340014-12', '6001087340014 123', '6001 087340014'])(
    '%s has no add-on',
    (code) => {
      expect(read(code)).toMatchObject({ code, parsed: {}, key: code });
      expect(rejection(code)).toBeUndefined();
    },
  );
});

describe('text of the shop', () => {
  it.each([
    'SHELF-17',
    'shelf-17',
    '4011',
    '425261',
    '(12) rolls',
    '(1)06001087340014',
    '(99999)',
    '^',
    '^x',
    'https://a.example/x',
    ']x',
  ])('%s is looked up as it is, or rejected only where it is nothing but a mark', (code) => {
    const reading = read(code);
    expect(reading.candidates).toContain(code);
    expect(reading.unresolvedRejection === undefined).toBe(code !== '^');
  });

  it('keeps case and inner blanks, and both ways of seeing an AIM prefix', () => {
    expect(read(']A0Ab 12')).toMatchObject({ code: 'Ab 12', candidates: [']A0Ab 12', 'Ab 12'], key: 'Ab 12' });
  });
});

describe('what is no code', () => {
  it.each(['', '   ', '\r\n', '\ufeff', ']d2', ']E0 ', '\x1d', '<GS>', 'a\0b', '\ud800', 'x'.repeat(MAX_CODE_LENGTH + 1)])(
    '%# is rejected',
    (code) => {
      expect(rejection(code)).toBeTypeOf('string');
    },
  );

  it('answers every string, with one line of message', () => {
    const pieces = fc.constantFrom(
      ...[
        ']C1',
        ']d2',
        ']E0',
        '\x1d',
        '<GS>',
        '^',
        '(01)',
        '(10)',
        '(',
        ')',
        '01',
        '06001087340014',
        '17',
        '271331',
        '3103',
        '000000',
      ],
      ...[
        'https://',
        'a.example',
        '/01/',
        '/',
        '?',
        '17=',
        '&',
        '%',
        '%2F',
        '%00',
        ' ',
        '\\',
        '\0',
        '\ud800',
        'é',
        '6001087340014',
        '8008',
      ],
    );
    const built = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));
    const layouts = [
      { prefixes: ['20'], itemDigits: 5, valueDigits: 5, value: 'PRICE' as const, decimals: 2, hasValueCheckDigit: false },
    ];
    fc.assert(
      fc.property(fc.oneof(built, fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' })), (code) => {
        const reading = parseCode(code, { variableMeasure: layouts, currentYear: CURRENT_YEAR });
        const message = reading.ok ? (reading.unresolvedRejection?.message ?? 'parked') : reading.message;
        expect(message).toMatch(/^.+$/);
        if (reading.ok) expect(reading.candidates).toContain(reading.key);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '/01'.repeat(2300),
    '/8004/x'.repeat(1000) + '/y',
    '^'.repeat(7000) + 'x',
    '(01)'.repeat(1700),
    '\x1d'.repeat(7000),
    '9'.repeat(7000),
  ])('long hostile text %# takes no long time', (code) => {
    const startedMs = performance.now();
    for (const text of [code, `https://a.example${code}`]) parseCode(text, { variableMeasure: [], currentYear: CURRENT_YEAR });
    expect(performance.now() - startedMs).toBeLessThan(LONGEST_PARSE_MS);
  });
});
