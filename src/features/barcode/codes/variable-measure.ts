import { checkDigit } from '../../../kernel/gtin.js';
import { withDecimals } from './gs1-message.js';
import { priceCheckDigit } from './price-check-digit.js';

/** Where a number of 13 digits carries an item and its price or weight: prefix, item, verifier if there is one, value, check digit. */
export interface VariableMeasureLayout {
  /** Two digits each, of the 13-digit form: 20 to 29, and 02 for a UPC-A that begins with 2. */
  prefixes: readonly string[];
  itemDigits: number;
  valueDigits: number;
  value: 'PRICE' | 'WEIGHT';
  /** Digits of the value behind the decimal point: of the shop's currency, or of kg. */
  decimals: number;
  /** Whether a digit between item and value verifies the value. */
  hasValueCheckDigit: boolean;
}

export interface VariableMeasure {
  itemReference: string;
  /** Barcode values to look up: the number with its value zeroed (GTIN-14), prefix and item, the item alone. */
  candidates: readonly string[];
  price?: string;
  weightKg?: string;
}

export type VariableMeasureReading = { ok: true; measure: VariableMeasure } | { ok: false; message: string };

const PREFIX_LENGTH = 2;
const ZERO_DIGIT = '0';
const NOT_ZERO = /[1-9]/;

/**
 * Reads a GTIN-14 whose check digit holds as a variable-measure number (GS1 General Specifications, section 2.1.14.2, restricted
 * circulation). Undefined when no layout has its prefix; refused when the value's own check digit does not hold. A value of zero is the
 * number of the item itself: no price and no weight.
 */
export function readVariableMeasure(
  gtin14: string,
  layouts: readonly VariableMeasureLayout[],
): VariableMeasureReading | undefined {
  if (!gtin14.startsWith(ZERO_DIGIT)) return undefined;
  const ean13 = gtin14.slice(1);
  const prefix = ean13.slice(0, PREFIX_LENGTH);
  const layout = layouts.find(({ prefixes }) => prefixes.includes(prefix));
  if (layout === undefined) return undefined;
  const item = ean13.slice(PREFIX_LENGTH, PREFIX_LENGTH + layout.itemDigits);
  const rest = ean13.slice(PREFIX_LENGTH + layout.itemDigits, -1);
  const value = layout.hasValueCheckDigit ? rest.slice(1) : rest;
  const candidates = [baseGtin14(prefix + item), prefix + item, item];
  const measure: VariableMeasure = { itemReference: item, candidates };
  if (!NOT_ZERO.test(value)) return { ok: true, measure };
  if (layout.hasValueCheckDigit && priceCheckDigit(value) !== rest[0]) {
    return { ok: false, message: `The check digit of the ${layout.value.toLowerCase()} in ${ean13} is wrong: scan it again.` };
  }
  if (layout.value === 'PRICE') measure.price = withDecimals(value, layout.decimals);
  else measure.weightKg = withDecimals(value, layout.decimals);
  return { ok: true, measure };
}

/** The number of the item itself: verifier and value zero. */
function baseGtin14(prefixAndItem: string): string {
  const body = prefixAndItem.padEnd(12, ZERO_DIGIT);
  return `0${body}${checkDigit(body)}`;
}
