import { formatQuantity, quantity } from '../../../kernel/quantity.js';
import { readGs1Date } from './gs1-date.js';
import type { Gs1Element } from './gs1-element.js';

/** An amount of money that a label carries. */
export interface LabelPrice {
  amount: string;
  /** ISO 4217 numeric code, such as 710 for rand; absent where the label leaves it to the shop. */
  currencyNumeric?: string;
}

/** What a code said. Dates are YYYY-MM-DD, numbers exact decimals. */
export interface ParsedCode {
  /** The AIM symbology identifier, such as `]C1`. */
  symbology?: string;
  /** 14 digits. Of the contained items where the code is that of a logistic unit (AI 02). */
  gtin?: string;
  sscc?: string;
  lot?: string;
  serial?: string;
  /** The day by which stock is rotated: AI 17, else the day of AI 7003, else best before (AI 15). */
  expiresOn?: string;
  bestBeforeOn?: string;
  sellByOn?: string;
  producedOn?: string;
  packedOn?: string;
  /** Items in the unit: AI 30 or 37. */
  quantity?: string;
  /** Net weight in kg. */
  weightKg?: string;
  price?: LabelPrice;
  /** The 2 or 5 digits beside an EAN or UPC. */
  addOn?: string;
}

export type Gs1Message = { ok: true; parsed: ParsedCode } | { ok: false; message: string };

const NET_WEIGHT_KG = /^310(\d)$/;
const PRICE = /^392(\d)$/;
const PRICE_WITH_CURRENCY = /^393(\d)$/;
/** Measures and amounts: the last of their four digits is not part of what is measured but the place of the decimal point. */
const WITH_DECIMALS = /^3[1-69]\d\d$/;
const CURRENCY_DIGITS = 3;
const YYMMDD_LENGTH = 6;

/**
 * What a message of GS1 elements says. Refused when it says two things at once: an identifier with two values, a measure with two
 * places of the decimal point, or two trade items. Elements must have been checked one by one.
 */
export function readGs1Message(elements: readonly Gs1Element[], currentYear: number): Gs1Message {
  const values = new Map<string, string>();
  const meanings = new Map<string, string>();
  for (const { ai, value } of elements) {
    const meaning = WITH_DECIMALS.test(ai) ? ai.slice(0, 3) : ai;
    const said = meanings.get(meaning) ?? ai + value;
    if (said !== ai + value)
      return { ok: false, message: `AI ${ai} is there twice with different values: scan one label at a time.` };
    meanings.set(meaning, said);
    values.set(ai, value);
  }
  const item = values.get('01');
  const content = values.get('02');
  if (item !== undefined && content !== undefined && item !== content) {
    return { ok: false, message: 'The code names two trade items (AI 01 and AI 02): scan one label at a time.' };
  }
  return { ok: true, parsed: withoutUndefined({ ...identity(values), ...dates(values, currentYear), ...amounts(values) }) };
}

function identity(values: ReadonlyMap<string, string>): ParsedCode {
  const gtin = values.get('01') ?? values.get('02') ?? values.get('03');
  return { gtin, sscc: values.get('00'), lot: values.get('10'), serial: values.get('21') };
}

function dates(values: ReadonlyMap<string, string>, currentYear: number): ParsedCode {
  const dateOf = (ai: string): string | undefined => readGs1Date(values.get(ai)?.slice(0, YYMMDD_LENGTH) ?? '', currentYear);
  const bestBeforeOn = dateOf('15');
  return {
    expiresOn: dateOf('17') ?? dateOf('7003') ?? bestBeforeOn,
    bestBeforeOn,
    sellByOn: dateOf('16'),
    producedOn: dateOf('11'),
    packedOn: dateOf('13'),
  };
}

function amounts(values: ReadonlyMap<string, string>): ParsedCode {
  const parsed: ParsedCode = {};
  const count = values.get('30');
  const contained = values.get('37');
  const counted = values.has('02') ? (contained ?? count) : (count ?? contained);
  if (counted !== undefined) parsed.quantity = withDecimals(counted, '0');
  for (const [ai, value] of values) {
    const weightDecimals = NET_WEIGHT_KG.exec(ai)?.[1];
    const priceDecimals = PRICE.exec(ai)?.[1];
    const currencyDecimals = PRICE_WITH_CURRENCY.exec(ai)?.[1];
    if (weightDecimals !== undefined) parsed.weightKg = withDecimals(value, weightDecimals);
    if (priceDecimals !== undefined) parsed.price = { amount: withDecimals(value, priceDecimals) };
    if (currencyDecimals !== undefined) {
      const amount = withDecimals(value.slice(CURRENCY_DIGITS), currencyDecimals);
      parsed.price = { amount, currencyNumeric: value.slice(0, CURRENCY_DIGITS) };
    }
  }
  return parsed;
}

/** Exact decimal text of digits with an implied point `decimals` places from the right. */
export function withDecimals(digits: string, decimals: string | number): string {
  return formatQuantity(quantity(`${digits}e-${String(decimals)}`));
}

function withoutUndefined(parsed: ParsedCode): ParsedCode {
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
}
