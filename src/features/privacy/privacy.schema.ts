import 'reflect-metadata';
import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../graphql/user-error.schema.js';

@ObjectType('PersonalDataExportPayload', { simpleResolvers: true })
export class PersonalDataExportPayload {
  @Field(() => String, { nullable: true, description: 'JSON, to be handed to the person.' })
  data?: string | null;

  @Field(() => [UserError])
  userErrors!: object[];
}

@ObjectType('PersonalDataErasePayload', { simpleResolvers: true })
export class PersonalDataErasePayload {
  @Field(() => Int, { description: 'How many records were forgotten.' })
  erased!: number;

  @Field(() => [UserError])
  userErrors!: object[];
}
