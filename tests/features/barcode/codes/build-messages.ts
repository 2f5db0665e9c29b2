import fc from 'fast-check';
import type { Gs1Element } from '../../../../src/features/barcode/codes/gs1-element.js';
import { checkDigit } from '../../../../src/kernel/gtin.js';

const VALUES_WITHOUT_FNC1: ReadonlySet<string> = new Set(['01', '11', '15', '17', '3102']);

export function bracketed(elements: readonly Gs1Element[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value.replaceAll('(', '\\(')}`).join('');
}

export function elementString(elements: readonly Gs1Element[], separator: string): string {
  return elements
    .map(({ ai, value }, index) => ai + value + (VALUES_WITHOUT_FNC1.has(ai) || index === elements.length - 1 ? '' : separator))
    .join('');
}

export function digitalLink(elements: readonly Gs1Element[], stem: string): string {
  const inPath = ['01', '10', '21'];
  const path = inPath.flatMap((ai) => elements.filter((element) => element.ai === ai));
  const query = elements.filter(({ ai }) => !inPath.includes(ai));
  const pathText = path.map(({ ai, value }) => `/${ai}/${encodeURIComponent(value)}`).join('');
  return (
    stem +
    pathText +
    (query.length === 0 ? '' : `?${query.map(({ ai, value }) => `${ai}=${encodeURIComponent(value)}`).join('&')}`)
  );
}

export const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: length, maxLength: length });

export const gtin14 = digits(13).map((body) => body + checkDigit(body));

/** The characters that GS1 allows in text (General Specifications, figure 7.11-1). */
const CHARACTER_SET_82 = Array.from('!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz');
const text20 = fc
  .string({ unit: fc.constantFrom(...CHARACTER_SET_82), minLength: 1, maxLength: 20 })
  .filter((text) => !text.includes('<GS>'));

const day = fc
  .date({ min: new Date('1980-01-01'), max: new Date('2070-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
export const yymmdd = (isoDay: string): string => isoDay.slice(2).replaceAll('-', '');

export interface Label {
  gtin: string;
  lot: string;
  serial: string;
  expiresOn: string;
  grams10: number;
}

/** What a label says and its elements; the order of identifiers is free, as the standard leaves it. */
export const label: fc.Arbitrary<{ label: Label; elements: Gs1Element[] }> = fc
  .record({ gtin: gtin14, lot: text20, serial: text20, expiresOn: day, grams10: fc.integer({ min: 0, max: 999_999 }) })
  .chain((made) => {
    const elements: Gs1Element[] = [
      { ai: '01', value: made.gtin },
      { ai: '10', value: made.lot },
      { ai: '21', value: made.serial },
      { ai: '17', value: yymmdd(made.expiresOn) },
      { ai: '3102', value: String(made.grams10).padStart(6, '0') },
    ];
    return fc.shuffledSubarray(elements, { minLength: elements.length }).map((shuffled) => ({ label: made, elements: shuffled }));
  });
