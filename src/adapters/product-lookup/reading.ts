import { z } from 'zod';
import { displayGtin } from '../../kernel/gtin.js';

const GTIN12_LENGTH = 12;

/** A text that says something; anything else is as if it were not there, for far sides fill in what they have. */
export const optionalLine = z
  .string()
  .transform((text) => (text.trim() === '' ? undefined : text))
  .optional()
  .catch(undefined);

/** As printed under the bars, a UPC as the EAN that it is: 8, 13 or 14 digits. */
export function printedGtin(gtin: string): string {
  const shown = displayGtin(gtin);
  return shown.length === GTIN12_LENGTH ? `0${shown}` : shown;
}
