import { DuplicateError, InvalidError } from '../../kernel/errors.js';
import { quantity, type Quantity } from '../../kernel/quantity.js';
import { parseBarcode } from './barcode-value.js';

export const MAX_BARCODES = 50;
export const DEFAULT_PACK_QUANTITY = quantity(1);

/** quantity: base units that one scan means; 1 where absent. */
export interface BarcodeDraft {
  readonly value: string;
  readonly quantity?: Quantity | null | undefined;
  readonly isDefault?: boolean | null | undefined;
}

export interface CheckedBarcode {
  readonly value: string;
  readonly normalized: string;
  readonly quantity: Quantity;
  readonly isDefault: boolean;
}

/**
 * The barcodes of one item as they are stored: exactly one is the default, the first where none is marked. Refuses (INVALID) a wrong check
 * digit, a quantity that is not more than 0, two defaults and more than MAX_BARCODES; (DUPLICATE) a code that is there twice.
 */
export function checkBarcodes(drafts: readonly BarcodeDraft[]): CheckedBarcode[] {
  if (drafts.length > MAX_BARCODES) throw new InvalidError(`An item has at most ${String(MAX_BARCODES)} barcodes.`, ['barcodes']);
  const marked = drafts.findIndex(({ isDefault }) => isDefault);
  const seen = new Set<string>();
  return drafts.map((draft, index) => {
    const at = ['barcodes', String(index)];
    const normalized = checkValue(draft.value, [...at, 'value']);
    if (seen.has(normalized)) throw new DuplicateError('This code is in the list twice.', [...at, 'value']);
    seen.add(normalized);
    if (draft.isDefault && index !== marked) {
      throw new InvalidError('Only one barcode of an item is the default.', [...at, 'isDefault']);
    }
    const isDefault = index === Math.max(marked, 0);
    return { value: draft.value.trim(), normalized, quantity: checkPack(draft.quantity, [...at, 'quantity']), isDefault };
  });
}

export function checkValue(value: string, path: readonly string[]): string {
  const parsed = parseBarcode(value);
  if ('fault' in parsed) throw new InvalidError(parsed.fault, path);
  return parsed.normalized;
}

export function checkPack(pack: Quantity | null | undefined, path: readonly string[]): Quantity {
  const checked = pack ?? DEFAULT_PACK_QUANTITY;
  if (checked.gt(0)) return checked;
  throw new InvalidError('One scan of it must mean more than 0.', path);
}
