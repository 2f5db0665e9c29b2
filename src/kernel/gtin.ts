const DIGITS = /^\d+$/;
const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];
const GTIN14_LENGTH = 14;
const WEIGHT_NEXT_TO_CHECK_DIGIT = 3;
const MODULUS = 10;

/**
 * The check digit that ends a GS1 key whose other digits are `body` (GS1 General Specifications, section 7.9.1: weights 3 and 1
 * from the right, modulo 10). It fits GTINs, SSCC, GLN, GSIN and GSRN alike. `body` must be digits.
 */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let position = 0; position < body.length; position++) {
    const digit = Number(body[body.length - 1 - position]);
    sum += position % 2 === 0 ? digit * WEIGHT_NEXT_TO_CHECK_DIGIT : digit;
  }
  return String((MODULUS - (sum % MODULUS)) % MODULUS);
}

/** Whether the last digit of `digits` is the check digit of those before it. */
export function hasValidCheckDigit(digits: string): boolean {
  return DIGITS.test(digits) && digits.length > 1 && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

/** Whether `text` has the form of a GTIN: 8, 12, 13 or 14 digits. Its check digit may still be wrong. */
export function isGtinLike(text: string): boolean {
  return GTIN_LENGTHS.includes(text.length) && DIGITS.test(text);
}

/** Whether `text` is a GTIN-8, -12, -13 or -14 whose check digit holds. */
export function isValidGtin(text: string): boolean {
  return isGtinLike(text) && hasValidCheckDigit(text);
}

/** The 14 digits under which GTINs of every length are compared and stored (filled with zeros on the left). */
export function toGtin14(gtin: string): string {
  return gtin.padStart(GTIN14_LENGTH, '0');
}

/**
 * A stored GTIN as people see it printed: 8 digits for EAN-8, 12 for UPC-A, 13 for EAN-13, 14 for a case with an indicator digit.
 * Text that is no GTIN-14 comes back as it is.
 */
export function displayGtin(value: string): string {
  if (value.length !== GTIN14_LENGTH || !DIGITS.test(value)) return value;
  if (value.startsWith('000000')) return value.slice(6);
  if (value.startsWith('00')) return value.slice(2);
  return value.startsWith('0') ? value.slice(1) : value;
}
