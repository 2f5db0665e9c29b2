import 'reflect-metadata';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Node } from '../../graphql/node.schema.js';
import { OneOf } from '../../graphql/one-of.js';
import { UserError } from '../../graphql/user-error.schema.js';

@ObjectType('Category', { implements: Node, simpleResolvers: true, description: "A node of the shop's tree of categories." })
export class CategoryType extends Node {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Unique in the shop; upper case.' })
  code!: string;
}

@OneOf()
@InputType('CategoryRef', { description: 'Exactly one field is set.' })
export class CategoryRef {
  @Field(() => ID, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true })
  code?: string;
}

@InputType('CategoryInput')
export class CategoryInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  code!: string;

  @Field(() => ID, { nullable: true })
  parent?: string | null;
}

@InputType('CategoryPatch', { description: 'Absent means unchanged; a null parent makes a root.' })
export class CategoryPatchInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  code?: string | null;

  @Field(() => ID, { nullable: true })
  parent?: string | null;
}

@ObjectType('CategoryPayload', { simpleResolvers: true })
export class CategoryPayload {
  @Field(() => CategoryType, { nullable: true })
  category?: object | null;

  @Field(() => [UserError])
  userErrors!: object[];
}
