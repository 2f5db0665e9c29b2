import { checkDigit, toGtin14 } from '../../src/kernel/gtin.js';
import { searchTextOf } from '../../src/features/catalog/stock-item.entity.js';
import { SeededRandom } from './random.js';
import { MAKERS, RARE_WORDS, SHELVES, VARIANTS, type Shelf } from './vocabulary.js';

const RARE_EVERY = 50;
const CASE_EVERY = 4;
const UNITS_IN_A_CASE = '12';
const PLAIN_SHARE = 0.3;
const SKU_DIGITS = 6;
const MAX_RAND = 480;
/** GS1 South Africa's prefix, then a company and its item: 12 digits before the check digit. */
const GS1_SOUTH_AFRICA = '600';
const FIRST_COMPANY = 1000;
const COMPANY_STEP = 73;
const ITEM_DIGITS = 5;
const CASE_INDICATOR = '1';

export interface ScaleBarcode {
  readonly value: string;
  readonly normalized: string;
  readonly quantity: string;
  readonly isDefault: boolean;
}

export interface ScaleItem {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly unit: Shelf['unit'];
  readonly salePrice: string;
  readonly barcodes: readonly ScaleBarcode[];
  readonly searchText: string;
}

/** Items of a big shop, in the order in which they came to be. The same seed gives the same items. */
export function* scaleItems(count: number, seed: number): Generator<ScaleItem> {
  const random = new SeededRandom(seed);
  for (let index = 0; index < count; index += 1) yield scaleItem(index, random);
}

function scaleItem(index: number, random: SeededRandom): ScaleItem {
  const shelf = random.pick(SHELVES);
  const sku = `${shelf.category}-${String(index + 1).padStart(SKU_DIGITS, '0')}`;
  const name = nameOf(index, shelf, random);
  const barcodes = barcodesOf(index, shelf);
  const salePrice = `${String(random.between(2, MAX_RAND))}.99`;
  const searchText = searchTextOf(
    name,
    sku,
    barcodes.map(({ value }) => value),
  );
  return { sku, name, category: shelf.category, unit: shelf.unit, salePrice, barcodes, searchText };
}

function nameOf(index: number, shelf: Shelf, random: SeededRandom): string {
  const maker = MAKERS[index % MAKERS.length] ?? MAKERS[0];
  const words = [maker, middleWord(index, random), random.pick(shelf.products), random.pick(shelf.sizes)];
  return words.filter((word) => word !== undefined).join(' ');
}

function middleWord(index: number, random: SeededRandom): string | undefined {
  const isPlain = random.fraction() < PLAIN_SHARE;
  const variant = random.pick(VARIANTS);
  if (index % RARE_EVERY === RARE_EVERY - 1) return RARE_WORDS[Math.floor(index / RARE_EVERY) % RARE_WORDS.length];
  return isPlain ? undefined : variant;
}

function barcodesOf(index: number, { unit }: Shelf): ScaleBarcode[] {
  const company = String(FIRST_COMPANY + (index % MAKERS.length) * COMPANY_STEP);
  const body = GS1_SOUTH_AFRICA + company + String(Math.floor(index / MAKERS.length)).padStart(ITEM_DIGITS, '0');
  const single = barcode(body, '1', true);
  const hasCase = unit === 'each' && index % CASE_EVERY === 0;
  return hasCase ? [single, barcode(CASE_INDICATOR + body, UNITS_IN_A_CASE, false)] : [single];
}

function barcode(body: string, quantity: string, isDefault: boolean): ScaleBarcode {
  const value = body + checkDigit(body);
  return { value, normalized: toGtin14(value), quantity, isDefault };
}
