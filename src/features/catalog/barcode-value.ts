import { normalizeBarcodeValue } from '../../kernel/barcode-value.js';

/** What a code that a client typed or scanned is looked up by. A code that can be nobody's barcode finds nothing. */
export function normalizeBarcode(code: string): string {
  const normalized = normalizeBarcodeValue(code);
  return normalized.ok ? normalized.value : '';
}
