import 'reflect-metadata';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Quantity } from '../../kernel/quantity.js';
import { connectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { UserError, type UserErrorValue } from '../../graphql/user-error.schema.js';
import { MOVEMENT_KINDS, type MovementKind } from './movement-kind.js';
import type { StockLevel } from './stock-level.entity.js';
import type { StockMovement } from './stock-movement.entity.js';

export const MovementKindEnum = Object.fromEntries(MOVEMENT_KINDS.map((kind) => [kind, kind]));
registerEnumType(MovementKindEnum, { name: 'MovementKind' });

@ObjectType('StockLevel', { implements: Node, description: 'How much of an item is at a location.' })
export class StockLevelType extends Node {
  @Field(() => DecimalScalar)
  onHand!: Quantity;

  @Field(() => Int, { description: 'Grows with every commit that changes this level.' })
  version!: number;

  @Field(() => DateTimeScalar)
  updatedAt!: Date;
}

@ObjectType('StockMovement', {
  implements: Node,
  description:
    "One immutable line of the ledger. quantity is signed, in base units. balanceAfter is the level's onHand after it, in the order in which the ledger was written; entries stamped in the past do not rewrite it. counted: what a COUNT found.",
})
export class StockMovementType extends Node {
  @Field(() => MovementKindEnum)
  kind!: MovementKind;

  @Field(() => DecimalScalar)
  quantity!: Quantity;

  @Field(() => DecimalScalar)
  balanceAfter!: Quantity;

  @Field(() => DecimalScalar, { nullable: true })
  counted!: Quantity | null;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => String, { nullable: true })
  reference!: string | null;

  @Field(() => DateTimeScalar)
  occurredAt!: Date;

  @Field(() => DateTimeScalar)
  recordedAt!: Date;
}

@ObjectType('StockError', {
  implements: UserError,
  description: 'Carries the level as it is now, so that a client can correct itself without another request.',
})
export class StockError extends UserError {
  @Field(() => StockLevelType, { nullable: true })
  level!: StockLevel | null;
}

export const StockLevelConnection = connectionOf(() => StockLevelType, 'StockLevel');
export const StockMovementConnection = connectionOf(() => StockMovementType, 'StockMovement');

/** What resolvers return for these payloads. */
export interface StockPayloadValue {
  readonly movement: StockMovement | null;
  readonly movements: readonly StockMovement[];
  readonly level: StockLevel | null;
  readonly replayed: boolean;
  readonly userErrors: UserErrorValue[];
}

export type StockTransferPayloadValue = Pick<StockPayloadValue, 'movements' | 'replayed' | 'userErrors'> & {
  readonly from: StockLevel | null;
  readonly to: StockLevel | null;
};

@ObjectType({ description: 'movements: every line the act wrote; movement: the first of them.' })
export class StockPayload {
  @Field(() => StockMovementType, { nullable: true })
  movement!: StockMovement | null;

  @Field(() => [StockMovementType])
  movements!: readonly StockMovement[];

  @Field(() => StockLevelType, { nullable: true, description: 'As it is now.' })
  level!: StockLevel | null;

  @Field(() => Boolean, { description: 'True when the key was spent before: the movements are those of then.' })
  replayed!: boolean;

  @Field(() => [UserError])
  userErrors!: UserErrorValue[];
}

@ObjectType()
export class StockTransferPayload {
  @Field(() => [StockMovementType])
  movements!: readonly StockMovement[];

  @Field(() => StockLevelType, { nullable: true })
  from!: StockLevel | null;

  @Field(() => StockLevelType, { nullable: true })
  to!: StockLevel | null;

  @Field(() => Boolean)
  replayed!: boolean;

  @Field(() => [UserError])
  userErrors!: UserErrorValue[];
}

@ObjectType()
export class StockPostPayload {
  @Field(() => [StockPayload], { description: 'One for each act, in their order.' })
  results!: StockPayload[];

  @Field(() => [UserError])
  userErrors!: UserErrorValue[];
}
