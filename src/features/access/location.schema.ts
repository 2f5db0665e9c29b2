import 'reflect-metadata';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Node } from '../../graphql/node.schema.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { UserError } from '../../graphql/user-error.schema.js';

@ObjectType('Location', { implements: Node, simpleResolvers: true, description: 'A place that holds stock, in a tree.' })
export class LocationType extends Node {
  @Field(() => String, { description: 'Unique in the shop; upper case.' })
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when nothing moves here any more.' })
  archivedAt!: Date | null;
}

@InputType('LocationInput')
export class LocationInput {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => ID, { nullable: true })
  parent?: string | null;
}

@InputType('LocationPatch', { description: 'Absent means unchanged; a null parent makes a root.' })
export class LocationPatchInput {
  @Field(() => String, { nullable: true })
  code?: string | null;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => ID, { nullable: true })
  parent?: string | null;
}

@ObjectType('LocationPayload', { simpleResolvers: true })
export class LocationPayload {
  @Field(() => LocationType, { nullable: true })
  location?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
