import 'reflect-metadata';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError, type UserErrorValue } from '../../graphql/user-error.schema.js';
import { ALERT_KINDS, type AlertKind } from './alert-kind.js';
import type { StockAlert } from './stock-alert.entity.js';

export const AlertKindEnum = Object.fromEntries(ALERT_KINDS.map((kind) => [kind, kind]));
registerEnumType(AlertKindEnum, {
  name: 'AlertKind',
  valuesConfig: {
    LOW_STOCK: { description: 'At or below the reorder point.' },
    OUT_OF_STOCK: { description: 'Nothing is left, with a rule or without one.' },
    NEGATIVE_STOCK: { description: 'More was taken than was there.' },
  },
});

@ObjectType('StockAlert', {
  implements: Node,
  description:
    'Somebody should look at a level. It resolves by itself when its cause is gone, and when the item or the location is archived. Of a kind and a level at most one is open.',
})
export class StockAlertType extends Node {
  @Field(() => AlertKindEnum)
  kind!: AlertKind;

  @Field(() => DateTimeScalar)
  openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody said that he had seen it; it stays open.' })
  acknowledgedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  resolvedAt!: Date | null;
}

export const StockAlertConnection = nodesConnectionOf(() => StockAlertType, 'StockAlert');

@ObjectType()
export class StockAlertPayload {
  @Field(() => StockAlertType, { nullable: true })
  alert?: StockAlert | null;

  @Field(() => [UserError])
  userErrors!: UserErrorValue[];
}
