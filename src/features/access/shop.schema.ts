import 'reflect-metadata';
import { Field, InputType, ObjectType } from 'type-graphql';
import { Node } from '../../graphql/node.schema.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import type { Quantity } from '../../kernel/quantity.js';

const FLOOR = 'Lowest on-hand allowed ("0" unless set; null: no floor).';
const VARIABLE_MEASURE =
  'How labels of scales are read: NONE, a scheme such as ITEM5_WEIGHT5, or schemes by prefix such as 20-24:ITEM5_PRICE5,28:ITEM5_WEIGHT5.';

@ObjectType('Shop', { implements: Node, simpleResolvers: true, description: "The caller's shop." })
export class ShopType extends Node {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'ISO 4217.' })
  currency!: string;

  @Field(() => String, { description: 'IANA time zone.' })
  timeZone!: string;

  @Field(() => DecimalScalar, { nullable: true, description: FLOOR })
  stockFloor!: Quantity | null;

  @Field(() => String, { description: VARIABLE_MEASURE })
  variableMeasure!: string;
}

@InputType('ShopPatch', { description: 'Absent means unchanged, null means cleared.' })
export class ShopPatchInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: FLOOR })
  stockFloor?: Quantity | null;

  @Field(() => String, { nullable: true, description: VARIABLE_MEASURE })
  variableMeasure?: string | null;
}

@ObjectType('ShopPayload', { simpleResolvers: true })
export class ShopPayload {
  @Field(() => ShopType, { nullable: true })
  shop?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
