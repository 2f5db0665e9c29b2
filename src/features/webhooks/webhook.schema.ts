import 'reflect-metadata';
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { DELIVERY_STATES, WEBHOOK_KINDS, type DeliveryState, type WebhookKind } from './webhook-kind.js';

export const WebhookKindEnum = Object.fromEntries(WEBHOOK_KINDS.map((kind) => [kind.toUpperCase(), kind]));
registerEnumType(WebhookKindEnum, {
  name: 'WebhookKind',
  valuesConfig: {
    ALERT: { description: 'stock.alert.opened, stock.alert.resolved' },
    ITEM: { description: 'item.created, item.updated, item.archived' },
    MOVEMENT: { description: 'stock.movement.posted, one for each movement' },
  },
});

export const WebhookDeliveryStateEnum = Object.fromEntries(DELIVERY_STATES.map((state) => [state, state]));
registerEnumType(WebhookDeliveryStateEnum, {
  name: 'WebhookDeliveryState',
  valuesConfig: {
    PENDING: { description: 'Still to be sent, or tried again at nextTryAt.' },
    DELIVERED: { description: 'Answered with 2xx.' },
    DEAD: {
      description: 'Given up: after 72 hours, or because the endpoint was switched off. webhookDeliveryReplay sends it again.',
    },
  },
});

@ObjectType('WebhookEndpoint', {
  implements: Node,
  simpleResolvers: true,
  description:
    'Where the shop is told of what happens in it, with POST requests that are signed as standardwebhooks.com says. Each event comes at least once; webhook-id is the same each time.',
})
export class WebhookEndpointType extends Node {
  @Field(() => String)
  url!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => [WebhookKindEnum])
  kinds!: WebhookKind[];

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it answered 410 and was switched off for that.' })
  goneAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the secret before the last rotation is signed with as well.',
  })
  previousSecretEndsAt!: Date | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar)
  updatedAt!: Date;
}

@ObjectType('WebhookDelivery', {
  implements: Node,
  simpleResolvers: true,
  description: 'One event as one endpoint is told of it. Its id is the webhook-id that the receiver sees.',
})
export class WebhookDeliveryType extends Node {
  @Field(() => String, { description: 'Such as stock.movement.posted.' })
  eventType!: string;

  @Field(() => Int, { description: 'From 1 on and without gaps for each endpoint.' })
  sequence!: number;

  @Field(() => WebhookDeliveryStateEnum)
  state!: DeliveryState;

  @Field(() => String, { description: 'What is sent: JSON, the same each time.' })
  body!: string;

  @Field(() => Int, { description: 'How often it was sent.' })
  attempts!: number;

  @Field(() => Int, { nullable: true, description: 'Of the last answer; null where none came.' })
  lastStatus!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it was not delivered the last time, as a sentence.' })
  reason!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Not before; later while its receiver is left alone or busy.' })
  nextTryAt!: Date | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was delivered or given up.' })
  endedAt!: Date | null;
}

export const WebhookDeliveryConnection = nodesConnectionOf(() => WebhookDeliveryType, 'WebhookDelivery');

@InputType('WebhookEndpointInput')
export class WebhookEndpointInput {
  @Field(() => String, { description: 'https, reachable from the internet, without a name and password in it.' })
  url!: string;

  @Field(() => [WebhookKindEnum])
  kinds!: WebhookKind[];

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true })
  enabled?: boolean | null;
}

@InputType('WebhookEndpointPatch', { description: 'Absent means unchanged; only the description can be cleared.' })
export class WebhookEndpointPatchInput {
  @Field(() => String, { nullable: true })
  url?: string | null;

  @Field(() => [WebhookKindEnum], { nullable: true })
  kinds?: WebhookKind[] | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Boolean, { nullable: true })
  enabled?: boolean | null;
}

@ObjectType('WebhookEndpointPayload', {
  simpleResolvers: true,
  description: 'secret (whsec_…) is there only where one was made, and is never shown again.',
})
export class WebhookEndpointPayload {
  @Field(() => WebhookEndpointType, { nullable: true })
  endpoint?: object | null;

  @Field(() => String, { nullable: true })
  secret?: string | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('WebhookDeliveryPayload', { simpleResolvers: true })
export class WebhookDeliveryPayload {
  @Field(() => WebhookDeliveryType, { nullable: true })
  delivery?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('WebhookDeliveriesReplayPayload', { simpleResolvers: true })
export class WebhookDeliveriesReplayPayload {
  @Field(() => Int, { description: 'How many are sent again.' })
  count!: number;

  @Field(() => [UserError])
  userErrors!: object[];
}
