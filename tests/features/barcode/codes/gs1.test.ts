import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGs1Date } from '../../../../src/features/barcode/codes/gs1-date.js';
import { bracketed, digitalLink, elementString, label } from './build-messages.js';
import { read, rejection } from './helpers.js';

const GTIN = '06001087340014';

describe('GS1 messages of every form', () => {
  const said = label.map(({ label: made, elements }) => ({
    elements,
    expected: {
      gtin: made.gtin,
      lot: made.lot,
      serial: made.serial,
      expiresOn: made.expiresOn,
      weightKg: String(Number((made.grams10 / 100).toFixed(2))),
    },
  }));

  it('in brackets say what they were made of', () => {
    fc.assert(
      fc.property(said, ({ elements, expected }) => {
        expect(read(bracketed(elements)).parsed).toEqual(expected);
      }),
    );
  });

  it('as element strings say what they were made of', () => {
    const leads = fc.constantFrom(
      ...[']C1', ']d2', ']Q3', ']J1', ']e0', '\x1d', ']C1\x1d'].map((lead) => ({ lead, separator: '\x1d' })),
      ...['^', ']C1', ']d2^'].map((lead) => ({ lead, separator: '^' })),
      ...['<GS>', ']Q3', ']e0<GS>'].map((lead) => ({ lead, separator: '<GS>' })),
    );
    fc.assert(
      fc.property(said, leads, ({ elements, expected }, { lead, separator }) => {
        const { symbology, ...parsed } = read(lead + elementString(elements, separator)).parsed;
        expect(parsed).toEqual(expected);
        expect(symbology).toBe(lead.startsWith(']') ? lead.slice(0, 3) : undefined);
      }),
    );
  });

  it('as Digital Links say what they were made of', () => {
    const stems = fc.constantFrom(
      'https://id.gs1.org',
      'http://example.com:8080/some/01/stem',
      'HTTPS://EXAMPLE.COM',
      ']Q1https://a.example',
    );
    fc.assert(
      fc.property(said, stems, ({ elements, expected }, stem) => {
        const { symbology, ...parsed } = read(digitalLink(elements, stem)).parsed;
        expect(parsed).toEqual(expected);
        expect(symbology).toBe(stem.startsWith(']') ? ']Q1' : undefined);
      }),
    );
  });
});

describe('element strings', () => {
  it.each([
    [']C101060010873400141727033110LOT42', { gtin: GTIN, lot: 'LOT42', expiresOn: '2027-03-31' }],
    [`]C101${GTIN}\x1d17270331\x1d10A\x1d\x1d21B\x1d`, { gtin: GTIN, lot: 'A', serial: 'B', expiresOn: '2027-03-31' }],
    [`]C1(01)${GTIN}(10)A`, { gtin: GTIN, lot: 'A' }],
    [']C100006001087000000125', { sscc: '006001087000000125' }],
    [`]C102${GTIN}3712`, { gtin: GTIN, quantity: '12' }],
    [`]C101${GTIN}3007`, { gtin: GTIN, quantity: '7' }],
    [`]C101${GTIN}3920001295`, { gtin: GTIN, price: { amount: '1295' } }],
    [`]C101${GTIN}39221295`, { gtin: GTIN, price: { amount: '12.95' } }],
    [`]C101${GTIN}39327101295`, { gtin: GTIN, price: { amount: '12.95', currencyNumeric: '710' } }],
    [`]C101${GTIN}3105000001`, { gtin: GTIN, weightKg: '0.00001' }],
    [
      `]C101${GTIN}11260101132601021526010316260104`,
      { producedOn: '2026-01-01', packedOn: '2026-01-02', sellByOn: '2026-01-04' },
    ],
    [`]C101${GTIN}15260103`, { expiresOn: '2026-01-03', bestBeforeOn: '2026-01-03' }],
    [`]C101${GTIN}70032703311200`, { expiresOn: '2027-03-31' }],
    [`]C101${GTIN}80082703311259\x1d10A`, { gtin: GTIN, lot: 'A' }],
    [`]C101${GTIN}42212\x1d`, undefined],
    [`]C1420ZA7700\x1d01${GTIN}`, { gtin: GTIN }],
  ])('%j', (code, parsed) => {
    if (parsed === undefined) expect(rejection(code)).toContain('AI 422');
    else expect(read(code).parsed).toMatchObject(parsed);
  });

  it.each([
    ['month 13', ']C1010600108734001417271331'],
    ['30 February', ']C1010600108734001417270230'],
    ['29 February of a common year', ']C1010600108734001417270229'],
    ['month 00', ']C1010600108734001417270000'],
    ['day 00 where none is allowed', `]C101${GTIN}70032703001200`],
    ['hour 24', `]C101${GTIN}70032703312400`],
    ['minute 60 of a production time', `]C101${GTIN}80082703311260`],
    ['a wrong GTIN', ']C10106001087340015'],
    ['a wrong content', ']C1020600108734001537 1'],
    ['a wrong SSCC', ']C100006001087000000126'],
    ['a wrong GLN', ']C14106001087000001'],
    ['a short GTIN', ']C1010600108734001'],
    ['FNC1 within a predefined length', ']C1010600108\x1d734001410A'],
    ['a lot of 21 characters', `]C101${GTIN}10${'A'.repeat(21)}`],
    ['letters in a date', ']C10106001087340014172703AB'],
    ['an identifier without value', `]C101${GTIN}10`],
    ['no identifier', ']C10406001087340014'],
    ['six decimals of weight', `]C101${GTIN}3106000001`],
    ['a control character', `]C101${GTIN}10A\tB`],
    ['a letter outside ASCII', `]C101${GTIN}10É`],
    ['text behind FNC1', '\x1dSHELF-17'],
  ])('%s is rejected', (_, code) => {
    expect(rejection(code)).toBeTypeOf('string');
  });

  it('says one thing: repeated equal values pass, different ones do not', () => {
    expect(read(`]C101${GTIN}10A\x1d10A`).parsed).toMatchObject({ lot: 'A' });
    expect(rejection(`]C101${GTIN}10A\x1d10B`)).toContain('twice');
    expect(rejection(`]C101${GTIN}31030017503102000175`)).toContain('twice');
    expect(rejection(`]C101${GTIN}021600108734001137 4`)).toBeTypeOf('string');
    expect(rejection(`]C101${GTIN}0216001087340011374`)).toContain('two trade items');
  });

  it('is looked up by its GTIN behind the shop’s own code', () => {
    expect(read(`]C101${GTIN}10A`)).toMatchObject({
      code: `01${GTIN}10A`,
      candidates: [`]C101${GTIN}10A`, `01${GTIN}10A`, GTIN],
      key: GTIN,
    });
  });
});

describe('bare element strings', () => {
  it.each([
    ['01900123456789083103001750', { gtin: '90012345678908', weightKg: '1.75' }],
    [
      '010890381998765921S1ND\x1d1731063010BNav',
      { gtin: '08903819987659', serial: 'S1ND', expiresOn: '2031-06-30', lot: 'BNav' },
    ],
    [`01${GTIN}10A-7<GS>21SN9`, { gtin: GTIN, lot: 'A-7', serial: 'SN9' }],
    ['10567\x1d019001234567890811010101', { gtin: '90012345678908', lot: '567', producedOn: '2001-01-01' }],
    ['00006001087000000125', { sscc: '006001087000000125' }],
  ])('%j is read', (code, parsed) => {
    expect(read(code).parsed).toEqual(parsed);
  });

  it.each([
    '8101054321120021123456',
    `0106001087340015`,
    `01${GTIN}17271331`,
    '10123',
    '1012A',
    '0190012345678908393204055GBP',
    'A\x1dB',
  ])('%s is plain text, never rejected', (code) => {
    expect(read(code)).toMatchObject({ code, parsed: {}, key: code });
    expect(rejection(code)).toBeUndefined();
  });
});

describe('brackets', () => {
  it.each([
    [`(01)${GTIN}(10)L(1)`, { lot: 'L(1)' }],
    [`(01)${GTIN}(10)L(55)X`, { lot: 'L(55)X' }],
    [`(01)${GTIN}(10)L\\(21)X`, { lot: 'L(21)X' }],
    [`(01) ${GTIN} (17) 270331 (10) LOT 42`, { lot: 'LOT 42', expiresOn: '2027-03-31' }],
    [`(17)270331(01)${GTIN}`, { gtin: GTIN, expiresOn: '2027-03-31' }],
    [`(02)${GTIN}(37)12(00)006001087000000125`, { gtin: GTIN, quantity: '12', sscc: '006001087000000125' }],
  ])('%s', (code, parsed) => {
    expect(read(code).parsed).toMatchObject(parsed);
    expect(rejection(code)).toBeUndefined();
  });

  it.each([
    '(01)06001087340015',
    '(01)',
    '(01)ABC',
    `(01)${GTIN}(10)`,
    `(01)${GTIN}(17)271331`,
    '(17)271331',
    '(01)6001087340014',
  ])('%s is rejected', (code) => {
    expect(rejection(code)).toBeTypeOf('string');
  });
});

describe('Digital Links', () => {
  it.each([
    [`https://example.com/shop/01/${GTIN}/21/SN%2F9`, { gtin: GTIN, serial: 'SN/9' }],
    [
      `https://example.com/01/${GTIN}/?linkType=gs1:pip&17=270331&3103=001750#top`,
      { gtin: GTIN, expiresOn: '2027-03-31', weightKg: '1.75' },
    ],
    ['https://example.com/01/6001087340014', { gtin: GTIN }],
    ['https://example.com/gtin/6001087340014/lot/A', { gtin: GTIN, lot: 'A' }],
    [`https://example.com/01/${GTIN}/21/B/10/A`, { gtin: GTIN, lot: 'A', serial: 'B' }],
    [
      'https://example.com/00/006001087000000125?02=06001087340014&37=12',
      { sscc: '006001087000000125', gtin: GTIN, quantity: '12' },
    ],
    [`http://user@example.com/01/%30${GTIN.slice(1)}`, { gtin: GTIN }],
  ])('%s', (code, parsed) => {
    expect(read(code).parsed).toEqual(parsed);
  });

  it.each([
    'https://example.com/01/06001087340015',
    `https://example.com/01/${GTIN}?17=271331`,
    `https://example.com/01/${GTIN}?10=`,
  ])('%s is rejected', (code) => {
    expect(rejection(code)).toBeTypeOf('string');
  });

  it.each([
    'https://example.com',
    'https://example.com/2024/10/21/01/15',
    'https://example.com/01/ABC',
    `https://example.com/01/${GTIN}/reviews`,
    `https://example.com/01/${GTIN}/21/%ZZ`,
    `ftp://example.com/01/${GTIN}`,
    `example.com/01/${GTIN}`,
  ])('%s is none, but plain text', (code) => {
    expect(read(code)).toMatchObject({ code, parsed: {}, key: code });
    expect(rejection(code)).toBeUndefined();
  });
});

describe('GS1 dates', () => {
  it.each([
    ['270400', 2026, '2027-04-30'],
    ['280200', 2026, '2028-02-29'],
    ['270200', 2026, '2027-02-28'],
    ['760101', 2026, '2076-01-01'],
    ['770101', 2026, '1977-01-01'],
    ['991231', 2026, '1999-12-31'],
    ['480101', 2099, '2148-01-01'],
    ['490101', 2099, '2149-01-01'],
    ['500101', 2099, '2050-01-01'],
    ['000229', 2026, '2000-02-29'],
    ['271301', 2026, undefined],
    ['270431', 2026, undefined],
    ['2704', 2026, undefined],
  ])('%s in %i is %s', (yymmdd, year, day) => {
    expect(readGs1Date(yymmdd, year)).toBe(day);
  });
});
