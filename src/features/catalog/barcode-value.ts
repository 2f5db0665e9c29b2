import { normalizeBarcodeValue } from '../../kernel/barcode-value.js';

/** A code that may be registered, as it is compared; or what is wrong with it, for a person. */
export type ParsedBarcode = { readonly normalized: string } | { readonly fault: string };

/** A code that the shop gives to an item. */
export function parseBarcode(value: string): ParsedBarcode {
  const result = normalizeBarcodeValue(value);
  return result.ok ? { normalized: result.value } : { fault: result.message };
}

/** What a code that a client typed or scanned is looked up by. A code that can be nobody's barcode finds nothing. */
export function normalizeBarcode(code: string): string {
  const parsed = parseBarcode(code);
  return 'normalized' in parsed ? parsed.normalized : '';
}
