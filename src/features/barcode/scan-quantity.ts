import { InvalidError, type DomainError } from '../../kernel/errors.js';
import { fitsColumn, quantity, type Quantity } from '../../kernel/quantity.js';
import type { ScanMode } from '../access/index.js';
import type { Barcode } from '../catalog/index.js';
import type { ReadCode } from './codes/parse-code.js';

const KILOGRAM = 'kg';
/** A price says the weight to the gram, no finer. */
const PRICED_WEIGHT_DECIMALS = 3;
const HALF_EVEN = 6;
const ONE = quantity(1);

/** What one scan of a matched code holds. `isWeighed`: the code itself carries its weight. */
interface Pack {
  readonly content: Quantity;
  readonly isMeasured: boolean;
  readonly isWeighed: boolean;
}

/**
 * Base units that a scan of a known code means: packs × what a pack holds. Packs: the scan's own quantity, else the count in the code
 * (AI 30 or 37), else 1. A pack holds the barcode's quantity; of an item in kg, the weight in the code (AI 310n, or of a scale's number),
 * or the price of a scale's number ÷ the item's sale price, to the gram, half to even. A measured pack is one pack unless the scan itself says
 * how many. Refuses (INVALID) a count without a quantity, and what cannot be stored.
 */
export function scanQuantity(
  reading: ReadCode,
  barcode: Barcode,
  scan: { mode: ScanMode; own: Quantity | undefined },
): Quantity | DomainError {
  const pack = packOf(reading, barcode);
  const counted = reading.parsed.quantity === undefined ? undefined : quantity(reading.parsed.quantity);
  const hasQuantity = scan.own !== undefined || counted !== undefined || pack.isWeighed;
  if (scan.mode === 'COUNT' && !hasQuantity) return countWithoutQuantity();
  const packs = scan.own ?? (pack.isMeasured ? undefined : counted) ?? ONE;
  const total = packs.times(pack.content);
  return fitsColumn(total) ? total : new InvalidError('The quantity is finer or larger than can be stored.', ['quantity']);
}

/** What is wrong with a scan's quantity before its code is known. */
export function quantityFault(reading: ReadCode, mode: ScanMode, own: Quantity | undefined): DomainError | undefined {
  if (mode === 'LOOKUP') return undefined;
  const { quantity: counted, weightKg } = reading.parsed;
  if (mode === 'COUNT' && own === undefined && counted === undefined && weightKg === undefined) return countWithoutQuantity();
  if (own === undefined || own.gt(0) || (mode === 'COUNT' && own.isZero())) return undefined;
  const rule = mode === 'COUNT' ? 'What was counted is 0 or more.' : 'The quantity must be more than 0.';
  return new InvalidError(rule, ['quantity']);
}

function packOf(reading: ReadCode, { normalized, stockItem, quantity: packQuantity }: Barcode): Pack {
  const plain = { content: packQuantity, isMeasured: false, isWeighed: false };
  if (stockItem.unit.toLowerCase() !== KILOGRAM) return plain;
  const { variableMeasure, parsed } = reading;
  // A number that a scale could have printed, but that the shop knows as it stands, is a plain number.
  if (variableMeasure && !variableMeasure.candidates.includes(normalized)) return plain;
  const weightKg = variableMeasure ? variableMeasure.weightKg : parsed.weightKg;
  if (weightKg !== undefined) return { content: quantity(weightKg), isMeasured: true, isWeighed: true };
  const { salePrice } = stockItem;
  if (variableMeasure?.price === undefined || salePrice === null || salePrice.isZero()) return plain;
  const content = quantity(variableMeasure.price).div(salePrice).toDecimalPlaces(PRICED_WEIGHT_DECIMALS, HALF_EVEN);
  return { content, isMeasured: true, isWeighed: false };
}

function countWithoutQuantity(): DomainError {
  return new InvalidError('A count needs a quantity: send how many were counted.', ['quantity']);
}
