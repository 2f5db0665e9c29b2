import 'reflect-metadata';
import { Field, ID, InputType } from 'type-graphql';
import { idOf } from '../../graphql/global-id.js';
import { OneOf } from '../../graphql/one-of.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import type { Quantity } from '../../kernel/quantity.js';
import { normalizeCode, optionalRefOf } from '../access/index.js';
import { DEFAULT_PACK_QUANTITY } from './barcode-list.js';
import type { ItemRef } from './item-ref.js';
import { DEFAULT_UNIT, type StockItemChanges, type StockItemDraft } from './stock-item.service.js';

@OneOf()
@InputType('StockItemRef', { description: 'Exactly one field is set.' })
export class StockItemRef {
  @Field(() => ID, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true })
  sku?: string;

  @Field(() => String, { nullable: true, description: 'As it was typed or scanned; GTINs of any length.' })
  barcode?: string;
}

@InputType('BarcodeInput', { description: 'quantity counts base units.' })
export class BarcodeInput {
  @Field(() => String, { description: 'Of 8, 12, 13 or 14 digits the last must be the check digit.' })
  value!: string;

  @Field(() => DecimalScalar, { nullable: true, defaultValue: DEFAULT_PACK_QUANTITY })
  quantity?: Quantity | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'The first is, where none is marked.' })
  isDefault?: boolean | null;
}

@InputType('StockItemInput')
export class StockItemInput {
  @Field(() => String)
  sku!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => ID, { nullable: true })
  category?: string | null;

  @Field(() => String, { nullable: true, defaultValue: DEFAULT_UNIT, description: 'The base unit.' })
  unit?: string | null;

  @Field(() => [BarcodeInput], { nullable: true, defaultValue: [] })
  barcodes?: BarcodeInput[] | null;

  @Field(() => DecimalScalar, { nullable: true })
  salePrice?: Quantity | null;
}

@InputType('StockItemPatch', { description: 'Absent means unchanged, null means cleared; barcodes replaces the list.' })
export class StockItemPatchInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => ID, { nullable: true })
  category?: string | null;

  @Field(() => [BarcodeInput], { nullable: true })
  barcodes?: BarcodeInput[] | null;

  @Field(() => DecimalScalar, { nullable: true })
  salePrice?: Quantity | null;
}

export function toItemRef({ id, sku, barcode }: StockItemRef): ItemRef {
  if (id != null) return { id: idOf('StockItem', id) };
  return sku == null ? { barcode: barcode ?? '' } : { sku: normalizeCode(sku) };
}

export function toItemDraft(input: StockItemInput): StockItemDraft {
  const { sku, name, description, unit, barcodes, salePrice } = input;
  return { sku, name, description, unit, barcodes, salePrice, category: optionalRefOf('Category', input.category) };
}

export function toItemChanges(patch: StockItemPatchInput): StockItemChanges {
  const { name, description, barcodes, salePrice } = patch;
  return { name, description, barcodes, salePrice, category: optionalRefOf('Category', patch.category) };
}
