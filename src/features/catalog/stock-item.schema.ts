import 'reflect-metadata';
import { Field, ObjectType, Root } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import type { Quantity } from '../../kernel/quantity.js';
import type { Barcode } from './barcode.entity.js';

@ObjectType('Barcode', {
  simpleResolvers: true,
  description: 'One code printed on a pack. quantity is how many base units one scan of it means (a case of 12 is "12").',
})
export class BarcodeType {
  @Field(() => String, { description: 'As the shop wrote it.' })
  value!: string;

  @Field(() => DecimalScalar)
  quantity!: Quantity;

  @Field(() => Boolean)
  isDefault!: boolean;

  @Field(() => String, { name: 'unit', simple: false, description: 'What quantity counts: the base unit of its item.' })
  unitOfItem(@Root() { stockItem }: Barcode): string {
    return stockItem.unit;
  }
}

@ObjectType('StockItem', { implements: Node, simpleResolvers: true, description: 'A thing the shop keeps in stock.' })
export class StockItemType extends Node {
  @Field(() => String, { description: 'Unique in the shop; upper case.' })
  sku!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => String, { description: 'The base unit; every quantity without a unit is in it.' })
  unit!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'Of one base unit, in currency.' })
  salePrice!: Quantity | null;

  @Field(() => DateTimeScalar, { nullable: true })
  archivedAt!: Date | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar)
  updatedAt!: Date;
}

export const StockItemConnection = connectionOf(() => StockItemType, 'StockItem');

@ObjectType('StockItemPayload', { simpleResolvers: true })
export class StockItemPayload {
  @Field(() => StockItemType, { nullable: true })
  stockItem?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
