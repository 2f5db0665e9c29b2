import { isValidGtin } from '../../../kernel/gtin.js';

const GTIN14_LENGTH = 14;
const GTIN8_FILLING = '000000';
/** Of a GTIN-8 those that begin so are given by companies or regions for themselves (GS1 General Specifications, section 2.1.10). */
const OWN_GTIN8 = /^[02]/;
/**
 * Prefixes of the 13 digits that are not one product's all over the world (GS1 General Specifications, section 1.4.2): 02, 04 and 2 are for
 * within a company or region (weighed goods among them), 05, 98 and 99 are coupons and refunds.
 */
const OWN_PREFIX = /^(02|04|05|2|98|99)/;

/** Whether a stored code is the number of a product that others can know: a GTIN-14 that is none of a shop's own. */
export function isPublicGtin(code: string): boolean {
  if (code.length !== GTIN14_LENGTH || !isValidGtin(code)) return false;
  if (code.startsWith(GTIN8_FILLING)) return !OWN_GTIN8.test(code.slice(GTIN8_FILLING.length));
  return !OWN_PREFIX.test(code.slice(1));
}
