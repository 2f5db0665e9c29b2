import { Decimal as DecimalJs } from 'decimal.js';

/** Exact decimals. 38 digits hold every product of two quantities, so no step of an act rounds. */
const Exact = DecimalJs.clone({ precision: 38, toExpNeg: -30, toExpPos: 30, rounding: DecimalJs.ROUND_HALF_EVEN });

/** A quantity or an amount of money, exact. At most 6 fraction digits and 14 before the point, as numeric(20,6) holds. */
export type Quantity = DecimalJs;

export const QUANTITY_FRACTION_DIGITS = 6;
const INTEGER_DIGITS = 14;
const PLAIN_DECIMAL = /^[+-]?\d{1,30}(\.\d{1,30})?$/;

export const ZERO: Quantity = new Exact(0);

/** From a trusted source: the database, a constant, or arithmetic. */
export function quantity(value: string | number | Quantity): Quantity {
  return new Exact(value);
}

/** From a client: plain digits, an optional sign and point. Undefined when it is none, or finer or larger than a column holds. */
export function parseQuantity(text: string): Quantity | undefined {
  if (!PLAIN_DECIMAL.test(text)) return undefined;
  const value = new Exact(text);
  return fitsColumn(value) ? value : undefined;
}

/** Whether numeric(20,6) holds the value exactly. */
export function fitsColumn(value: Quantity): boolean {
  return value.decimalPlaces() <= QUANTITY_FRACTION_DIGITS && value.abs().lt(`1e${String(INTEGER_DIGITS)}`);
}

/** Canonical text: no exponent, no trailing zeros, no plus sign. */
export function formatQuantity(value: Quantity): string {
  return value.isZero() ? '0' : value.toFixed();
}

export function sumQuantities(values: Iterable<Quantity>): Quantity {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}
