import 'reflect-metadata';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { ChannelEnum, LanguageEnum, NoticeKindEnum } from './notification-enums.schema.js';
import type { Channel, Language, NoticeKind } from './notification-kinds.js';

@ObjectType('NotificationSubscription', { simpleResolvers: true })
export class NotificationSubscriptionType {
  @Field(() => NoticeKindEnum)
  kind!: NoticeKind;

  @Field(() => ChannelEnum)
  channel!: Channel;
}

@ObjectType('NotificationRecipient', {
  implements: Node,
  simpleResolvers: true,
  description: 'A person who is told of alerts.',
})
export class NotificationRecipientType extends Node {
  @Field(() => String)
  name!: string;

  @Field(() => LanguageEnum)
  language!: Language;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a mobile phone, in E.164.' })
  phone!: string | null;

  @Field(() => Int, { nullable: true, description: 'Messages a day at most; the rest is one digest the next morning.' })
  dailyCap!: number | null;

  @Field(() => Boolean)
  enabled!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when nothing is sent to the e-mail address.' })
  emailPausedAt!: Date | null;

  @Field(() => String, { nullable: true })
  emailPausedReason!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when nothing is sent to the number.' })
  smsPausedAt!: Date | null;

  @Field(() => String, { nullable: true })
  smsPausedReason!: string | null;
}

@InputType('NotificationRecipientInput')
export class NotificationRecipientInput {
  @Field(() => String)
  name!: string;

  @Field(() => LanguageEnum, { nullable: true, description: 'EN, if not given.' })
  language?: Language | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a mobile phone; one without a country is South African.' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: "A time of the shop's clock, such as 21:30." })
  quietFrom?: string | null;

  @Field(() => String, { nullable: true, description: 'May be smaller than quietFrom: then they go over midnight.' })
  quietTo?: string | null;

  @Field(() => Int, { nullable: true, description: '20, if not given; null for as many as there are.' })
  dailyCap?: number | null;

  @Field(() => Boolean, { nullable: true })
  enabled?: boolean | null;
}

@InputType('NotificationRecipientPatch', {
  description:
    'Absent means unchanged, null means none. Quiet hours are changed together. A changed address is not paused any more.',
})
export class NotificationRecipientPatchInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => LanguageEnum, { nullable: true })
  language?: Language | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, { nullable: true })
  phone?: string | null;

  @Field(() => String, { nullable: true })
  quietFrom?: string | null;

  @Field(() => String, { nullable: true })
  quietTo?: string | null;

  @Field(() => Int, { nullable: true })
  dailyCap?: number | null;

  @Field(() => Boolean, { nullable: true })
  enabled?: boolean | null;
}

@InputType('NotificationSubscriptionInput')
export class NotificationSubscriptionInput {
  @Field(() => NoticeKindEnum)
  kind!: NoticeKind;

  @Field(() => ChannelEnum)
  channel!: Channel;

  @Field(() => ID, { nullable: true, description: 'With all that stands beneath it; anywhere, if not given.' })
  location?: string | null;
}

@ObjectType('NotificationRecipientPayload', { simpleResolvers: true })
export class NotificationRecipientPayload {
  @Field(() => NotificationRecipientType, { nullable: true })
  recipient?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('NotificationRecipientDeletePayload', { simpleResolvers: true })
export class NotificationRecipientDeletePayload {
  @Field(() => ID, { nullable: true })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
