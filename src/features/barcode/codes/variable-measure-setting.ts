import type { VariableMeasureLayout } from './variable-measure.js';

type Scheme = Omit<VariableMeasureLayout, 'prefixes'>;

const price = (itemDigits: number, valueDigits: number, hasValueCheckDigit: boolean): Scheme => {
  return { itemDigits, valueDigits, value: 'PRICE', decimals: 2, hasValueCheckDigit };
};
const weight = (itemDigits: number, valueDigits: number, hasValueCheckDigit: boolean): Scheme => {
  return { itemDigits, valueDigits, value: 'WEIGHT', decimals: 3, hasValueCheckDigit };
};

/**
 * The common layouts behind the two digits of the prefix, by the names that a shop's setting uses: digits of the item, then of the price
 * (in hundredths of the currency) or weight (in grams); CHECKED has the value's own check digit between them.
 */
const SCHEMES = {
  ITEM5_PRICE5: price(5, 5, false),
  ITEM6_PRICE4: price(6, 4, false),
  ITEM4_CHECKED_PRICE5: price(4, 5, true),
  ITEM5_CHECKED_PRICE4: price(5, 4, true),
  ITEM5_WEIGHT5: weight(5, 5, false),
  ITEM6_WEIGHT4: weight(6, 4, false),
  ITEM4_CHECKED_WEIGHT5: weight(4, 5, true),
  ITEM5_CHECKED_WEIGHT4: weight(5, 4, true),
} as const satisfies Record<string, Scheme>;

export type VariableMeasureScheme = keyof typeof SCHEMES;
export const VARIABLE_MEASURE_SCHEMES = Object.keys(SCHEMES) as readonly VariableMeasureScheme[];

/** The setting of a shop that weighs nothing: prefixes 20 to 29 are numbers like any other. */
export const NO_VARIABLE_MEASURE = 'NONE';

/** Prefixes that GS1 leaves to variable measures in restricted circulation. */
const PREFIXES: readonly string[] = ['02', '20', '21', '22', '23', '24', '25', '26', '27', '28', '29'];
const PART = /^(\d{2})(?:-(\d{2}))?:(\w+)$/;

export type VariableMeasureSetting = { ok: true; layouts: readonly VariableMeasureLayout[] } | { ok: false; message: string };

/**
 * Reads a shop's setting: `NONE`, one scheme for every prefix (`ITEM5_PRICE5`), or schemes by prefix
 * (`20-24:ITEM5_PRICE5,28:ITEM5_WEIGHT5`). Refused when a scheme or prefix is none, or a prefix is there twice.
 */
export function readVariableMeasureSetting(setting: string): VariableMeasureSetting {
  const text = setting.trim();
  if (text === NO_VARIABLE_MEASURE) return { ok: true, layouts: [] };
  if (isScheme(text)) return { ok: true, layouts: [{ prefixes: PREFIXES, ...SCHEMES[text] }] };
  const layouts: VariableMeasureLayout[] = [];
  const taken = new Set<string>();
  for (const part of text.split(',')) {
    const layout = readPart(part.trim());
    if (layout === undefined || layout.prefixes.some((prefix) => taken.has(prefix)))
      return { ok: false, message: settingMessage() };
    for (const prefix of layout.prefixes) taken.add(prefix);
    layouts.push(layout);
  }
  return { ok: true, layouts };
}

function readPart(part: string): VariableMeasureLayout | undefined {
  const [, first, last = first, scheme] = PART.exec(part) ?? [];
  if (first === undefined || last === undefined || scheme === undefined || !isScheme(scheme)) return undefined;
  if (!PREFIXES.includes(first) || !PREFIXES.includes(last)) return undefined;
  const prefixes = PREFIXES.filter((prefix) => prefix >= first && prefix <= last);
  return prefixes.length === 0 ? undefined : { prefixes, ...SCHEMES[scheme] };
}

function isScheme(text: string): text is VariableMeasureScheme {
  return Object.hasOwn(SCHEMES, text);
}

function settingMessage(): string {
  const names = VARIABLE_MEASURE_SCHEMES.join(', ');
  return `Variable measures are NONE, a scheme, or schemes by prefix such as 20-24:ITEM5_PRICE5,28:ITEM5_WEIGHT5; schemes: ${names}.`;
}
