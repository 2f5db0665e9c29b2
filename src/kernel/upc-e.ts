import { hasValidCheckDigit } from './gtin.js';

const UPC_E = /^0\d{7}$/;

/**
 * The UPC-A (12 digits) that a UPC-E symbol of 8 digits (number system, six digits, check digit) stands for, by the zero
 * suppression of the GS1 General Specifications (UPC-E barcodes, section 5.2.2.4). Undefined when the text is no UPC-E or the check digit, which is that of the
 * UPC-A, does not hold. The standard allows number system 0 only.
 */
export function expandUpcE(text: string): string | undefined {
  if (!UPC_E.test(text)) return undefined;
  const system = text.slice(0, 1);
  const upcA = system + expandBody(text.slice(1, 7)) + text.slice(7);
  return hasValidCheckDigit(upcA) ? upcA : undefined;
}

/** Ten digits from six: the last of them says where the zeros were. */
function expandBody(six: string): string {
  const last = six.slice(5);
  if (last <= '2') return `${six.slice(0, 2)}${last}0000${six.slice(2, 5)}`;
  if (last === '3') return `${six.slice(0, 3)}00000${six.slice(3, 5)}`;
  if (last === '4') return `${six.slice(0, 4)}00000${six.slice(4, 5)}`;
  return `${six.slice(0, 5)}0000${last}`;
}
