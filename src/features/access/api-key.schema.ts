import 'reflect-metadata';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';
import { PermissionEnum, RoleEnum, ScanModeEnum } from './enums.schema.js';
import type { Permission } from './permissions.js';
import type { Role, ScanMode } from './roles.js';

@ObjectType('ApiKey', {
  implements: Node,
  simpleResolvers: true,
  description: 'What a person or a machine shows to act for the shop.',
})
export class ApiKeyType extends Node {
  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => ScanModeEnum, { nullable: true, description: "What a device's beep does when the scan itself does not say." })
  mode!: ScanMode | null;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  revokedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the secret before the last rotation is let in as well.',
  })
  previousSecretEndsAt!: Date | null;
}

@InputType('ApiKeyInput')
export class ApiKeyInput {
  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => [PermissionEnum], {
    nullable: true,
    description: 'What the key may do of what its role may; all of it, if not given. Nobody gives a right that he does not have.',
  })
  permissions?: Permission[] | null;

  @Field(() => ID, {
    nullable: true,
    description: "Where acts go that name no location. A DEVICE needs one: the shop's only one, if not given.",
  })
  location?: string | null;

  @Field(() => ScanModeEnum, { nullable: true, description: 'Of a DEVICE only; LOOKUP, if not given.' })
  mode?: ScanMode | null;

  @Field(() => DateTimeScalar, { nullable: true })
  expiresAt?: Date | null;
}

@ObjectType('ApiKeyPayload', { simpleResolvers: true, description: 'secret is shown here and never again.' })
export class ApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true })
  apiKey?: object | null;

  @Field(() => String, { nullable: true })
  secret?: string | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
