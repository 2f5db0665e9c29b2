import { createHash } from 'node:crypto';
import { checkDigit, isGtinLike, isValidGtin, toGtin14 } from './gtin.js';
import { expandUpcE } from './upc-e.js';

/** As many characters as the largest symbol in use holds (a QR code of version 40: 7089 digits); nothing real is longer. */
export const MAX_CODE_LENGTH = 7089;
/** Text up to here is stored as it is; a unique index of PostgreSQL holds no more than some 2700 bytes a row. */
export const MAX_PLAIN_TEXT_BYTES = 1000;

const EAN8_LENGTH = 8;

export type BarcodeKind = 'GTIN' | 'TEXT';
export type NormalizedBarcode = { ok: true; value: string; kind: BarcodeKind } | { ok: false; message: string };

/**
 * A barcode as it is stored and looked up, when the catalogue registers it. 8, 12, 13 or 14 digits are a GTIN: 14 digits, refused
 * when the check digit is wrong. Anything else is the shop's own text: trimmed, case kept. Text of more than MAX_PLAIN_TEXT_BYTES is
 * stored by its SHA-256, so that it can be named and found as any other.
 */
export function normalizeBarcodeValue(value: string): NormalizedBarcode {
  const text = value.trim();
  const fault = textFault(text);
  if (fault !== undefined) return { ok: false, message: fault };
  if (!isGtinLike(text)) return { ok: true, value: storedText(text), kind: 'TEXT' };
  const [gtin] = gtinReadings(text);
  return gtin === undefined ? { ok: false, message: checkDigitMessage(text) } : { ok: true, value: gtin, kind: 'GTIN' };
}

/** Why a trimmed text can be no barcode at all, or undefined: blank, too long, or not storable as text. */
export function textFault(text: string): string | undefined {
  if (text === '') return 'The code is blank: scan or type it again.';
  if (text.length > MAX_CODE_LENGTH) {
    return `The code is longer than ${String(MAX_CODE_LENGTH)} characters, more than any barcode holds: scan it again.`;
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    return 'The code holds a character that is no text (NUL or half a character): check what the scanner sends.';
  }
  return undefined;
}

/** A text that is no GTIN, as it is stored and compared. The text must be trimmed and without fault. */
export function storedText(text: string): string {
  if (Buffer.byteLength(text) <= MAX_PLAIN_TEXT_BYTES) return text;
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * The GTIN-14s that 8, 12, 13 or 14 digits can mean, the likeliest first; none when no check digit holds. Eight digits can be an EAN-8
 * or a UPC-E, which begins with 0; where its seventh digit is 5 to 9 the check digit of both always holds. GTIN-8s that begin with 0 are
 * numbers of one company's own, so UPC-E is the likelier then, unless the symbology is known to be EAN-8.
 */
export function gtinReadings(digits: string, symbologyIsEan8 = false): string[] {
  const readings = isValidGtin(digits) ? [toGtin14(digits)] : [];
  const upcA = digits.length === EAN8_LENGTH ? expandUpcE(digits) : undefined;
  if (upcA === undefined) return readings;
  const upc = toGtin14(upcA);
  return [...new Set(symbologyIsEan8 ? [...readings, upc] : [upc, ...readings])];
}

/** What is wrong with GTIN-like digits, and what to do. */
export function checkDigitMessage(digits: string): string {
  const expected = checkDigit(digits.slice(0, -1));
  return `The check digit of ${digits} is wrong (${expected} would fit): scan it again or compare it with what is printed.`;
}
