import 'reflect-metadata';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import type { Quantity } from '../../kernel/quantity.js';
import { OneOf } from '../../graphql/one-of.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { StockItemRef } from '../catalog/index.js';
import { ISSUE_KINDS, RECEIPT_KINDS } from './acts.js';
import { STOCK_ITEM_SORTS } from './item-list.reader.js';
import type { MovementKind } from './movement-kind.js';
import { MovementKindEnum } from './stock.schema.js';

export const StockItemSortEnum = Object.fromEntries(STOCK_ITEM_SORTS.map((sort) => [sort, sort]));
registerEnumType(StockItemSortEnum, { name: 'StockItemSort' });
export const IssueKindEnum = Object.fromEntries(ISSUE_KINDS.map((kind) => [kind, kind]));
registerEnumType(IssueKindEnum, { name: 'IssueKind' });
export const ReceiptKindEnum = Object.fromEntries(RECEIPT_KINDS.map((kind) => [kind, kind]));
registerEnumType(ReceiptKindEnum, { name: 'ReceiptKind' });

@InputType()
export class StockItemFilter {
  @Field(() => String, { nullable: true, description: 'Words that must all be in the name, the SKU or a barcode.' })
  search?: string | null;

  @Field(() => ID, { nullable: true, description: 'In this category or beneath it.' })
  category?: string | null;

  @Field(() => ID, { nullable: true, description: 'With a level at this location.' })
  location?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'At or below the reorder point somewhere, or at the location where one is named.',
  })
  low?: boolean | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'null: both kinds.' })
  archived?: boolean | null;
}

@InputType()
export class StockLevelFilter {
  @Field(() => ID, { nullable: true })
  stockItem?: string | null;

  @Field(() => ID, { nullable: true })
  location?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of items in this category or beneath it.' })
  category?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'At or below the reorder point, where there is one.' })
  low?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Less than nothing on hand.' })
  negative?: boolean | null;
}

@InputType()
export class StockMovementFilter {
  @Field(() => ID, { nullable: true })
  stockItem?: string | null;

  @Field(() => ID, { nullable: true })
  location?: string | null;

  @Field(() => MovementKindEnum, { nullable: true })
  kind?: MovementKind | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Occurred at this instant or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Occurred before this instant.' })
  to?: Date | null;
}

@InputType({
  description:
    "One business act on one level. key makes it safe to send again: the same key with the same input returns the same movements with replayed: true (level is as it is now); the same key with another input is KEY_REUSED. Keys of applied acts never expire; a refused act does not spend its key. expectOnHand: refuse with STALE_QUANTITY unless the level's onHand is exactly this.",
})
export class StockInput {
  @Field(() => ID)
  key!: string;

  @Field(() => StockItemRef)
  stockItem!: StockItemRef;

  @Field(() => ID, { nullable: true, description: "The key's own location, or the shop's only one, if not given." })
  location?: string | null;

  @Field(() => DecimalScalar)
  quantity!: Quantity;

  @Field(() => String, { nullable: true })
  reason?: string | null;

  @Field(() => String, { nullable: true })
  reference?: string | null;

  @Field(() => DecimalScalar, { nullable: true })
  expectOnHand?: Quantity | null;
}

@InputType()
export class StockTransferInput {
  @Field(() => ID)
  key!: string;

  @Field(() => StockItemRef)
  stockItem!: StockItemRef;

  @Field(() => ID)
  from!: string;

  @Field(() => ID)
  to!: string;

  @Field(() => DecimalScalar)
  quantity!: Quantity;

  @Field(() => String, { nullable: true })
  reason?: string | null;
}

@OneOf()
@InputType()
export class StockActInput {
  @Field(() => StockInput, { nullable: true })
  receive?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  return?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  issue?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  sale?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  damage?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  expiry?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  adjust?: StockInput | null;

  @Field(() => StockInput, { nullable: true })
  count?: StockInput | null;

  @Field(() => StockTransferInput, { nullable: true })
  transfer?: StockTransferInput | null;
}

@InputType({ description: 'Many acts, applied in order; each has its own verdict. atomic: all of them or none.' })
export class StockPostInput {
  @Field(() => [StockActInput], { description: 'At most 500.' })
  acts!: StockActInput[];

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  atomic?: boolean | null;
}
