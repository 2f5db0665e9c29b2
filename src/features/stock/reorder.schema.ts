import 'reflect-metadata';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Quantity } from '../../kernel/quantity.js';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import { UserError, type UserErrorValue } from '../../graphql/user-error.schema.js';
import type { StockLevel } from './stock-level.entity.js';
import { StockLevelType } from './stock.schema.js';

/** Behind it stands the level that has the rule. */
@ObjectType('ReorderRule', { description: 'At or below reorderPoint the item is to be bought again, reorderQuantity at a time.' })
export class ReorderRuleType {
  @Field(() => DecimalScalar)
  reorderPoint!: Quantity;

  @Field(() => DecimalScalar)
  reorderQuantity!: Quantity;

  @Field(() => Int, { nullable: true, description: 'From the order to the shelf.' })
  leadTimeDays!: number | null;
}

/** Behind it stands the level that is low. */
@ObjectType('ReorderSuggestion', { description: 'A level at or below its reorder point.' })
export class ReorderSuggestionType {
  @Field(() => Int, { nullable: true, description: 'From the order to the shelf.' })
  leadTimeDays!: number | null;
}

export const ReorderSuggestionConnection = nodesConnectionOf(() => ReorderSuggestionType, 'ReorderSuggestion');

@ObjectType()
export class ReorderRulePayload {
  @Field(() => StockLevelType, { nullable: true })
  level?: StockLevel | null;

  @Field(() => [UserError])
  userErrors!: UserErrorValue[];
}

@ObjectType()
export class ReorderRulesPayload {
  @Field(() => Int, { description: 'How many items have the rule now.' })
  count!: number;

  @Field(() => [UserError])
  userErrors!: UserErrorValue[];
}

@InputType()
export class ReorderRuleInput {
  @Field(() => ID)
  stockItem!: string;

  @Field(() => ID)
  location!: string;

  @Field(() => DecimalScalar)
  reorderPoint!: Quantity;

  @Field(() => DecimalScalar)
  reorderQuantity!: Quantity;

  @Field(() => Int, { nullable: true })
  leadTimeDays?: number | null;
}

@InputType()
export class ReorderRulesInput {
  @Field(() => ID, { description: 'The items in it and beneath it that are not archived.' })
  category!: string;

  @Field(() => ID)
  location!: string;

  @Field(() => DecimalScalar)
  reorderPoint!: Quantity;

  @Field(() => DecimalScalar)
  reorderQuantity!: Quantity;

  @Field(() => Int, { nullable: true })
  leadTimeDays?: number | null;
}
