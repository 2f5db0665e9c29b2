import 'reflect-metadata';
import { Field, Int, ObjectType } from 'type-graphql';
import { nodesConnectionOf } from '../../graphql/connection.js';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { ChannelEnum, NotificationFormEnum, NotificationStateEnum } from './notification-enums.schema.js';
import type { Channel, NotificationForm, NotificationState } from './notification-kinds.js';

@ObjectType('Notification', { implements: Node, simpleResolvers: true, description: 'One message to one person.' })
export class NotificationType extends Node {
  @Field(() => ChannelEnum)
  channel!: Channel;

  @Field(() => NotificationStateEnum)
  state!: NotificationState;

  @Field(() => NotificationFormEnum, { nullable: true, description: 'Null while it collects.' })
  form!: NotificationForm | null;

  @Field(() => String, { nullable: true, description: 'Why it is in its state, where there is something to say.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Where it went; null while it collects.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'Of an e-mail.' })
  subject!: string | null;

  @Field(() => String, { nullable: true, description: 'Null while it collects.' })
  text!: string | null;

  @Field(() => Int, { nullable: true, description: 'What an SMS costs.' })
  segments!: number | null;

  @Field(() => String, { nullable: true, description: 'By whom it was sent.' })
  provider!: string | null;

  @Field(() => Int, { description: 'How often it was handed over, or tried to be.' })
  tries!: number;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Not before: what comes until then is told with it.' })
  dueAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true })
  sentAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  deliveredAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  failedAt!: Date | null;
}

export const NotificationConnection = nodesConnectionOf(() => NotificationType, 'Notification');
