import 'reflect-metadata';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { RoleEnum, type Role } from '../access/index.js';

@ObjectType('Me', { simpleResolvers: true, description: 'Who is signed in.' })
export class MeType {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  email!: string;
}

@ObjectType('MyShop', {
  simpleResolvers: true,
  description: 'A shop that the person works in. Its id is what the header Stockroom-Shop takes.',
})
export class MyShopType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum)
  role!: Role;
}

@ObjectType('Session', { simpleResolvers: true, description: 'Where the person is signed in.' })
export class SessionType {
  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'To the minute.' })
  lastUsedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'At the latest; sooner where nobody uses it.' })
  expiresAt!: Date;

  @Field(() => Boolean, { description: 'Whether this request came by it.' })
  isCurrent!: boolean;
}

@ObjectType('Member', { simpleResolvers: true, description: 'A person who works in the shop, or once did.' })
export class MemberType {
  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when the person has no part in the shop any more.' })
  endedAt!: Date | null;
}

@ObjectType('Invitation', { simpleResolvers: true, description: 'Who is asked to work in the shop, and has not answered yet.' })
export class InvitationType {
  @Field(() => String)
  email!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar)
  expiresAt!: Date;
}

@InputType('InvitationInput')
export class InvitationInput {
  @Field(() => String)
  email!: string;

  @Field(() => RoleEnum, { description: 'Any but DEVICE.' })
  role!: Role;
}

@ObjectType('SignInPayload', {
  simpleResolvers: true,
  description:
    'token: what is sent as "Authorization: Bearer <token>"; it is shown here and never again. Null where the caller came by a token already, and where the browser keeps it in a cookie ("Stockroom-Session: cookie").',
})
export class SignInPayload {
  @Field(() => String, { nullable: true })
  token?: string | null;

  @Field(() => DateTimeScalar, { nullable: true })
  expiresAt?: Date | null;

  @Field(() => MeType, { nullable: true })
  me?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('DonePayload', { simpleResolvers: true })
export class DonePayload {
  @Field(() => Boolean)
  done!: boolean;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('MemberPayload', { simpleResolvers: true })
export class MemberPayload {
  @Field(() => MemberType, { nullable: true })
  member?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('InvitationPayload', { simpleResolvers: true })
export class InvitationPayload {
  @Field(() => InvitationType, { nullable: true })
  invitation?: object | null;

  @Field(() => String, {
    nullable: true,
    description: 'To be handed over, where this server sends no mail; shown here and never again.',
  })
  secret?: string | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
