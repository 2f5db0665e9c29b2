import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../../graphql/user-error.schema.js';
import { ParsedCodeType } from './scan.schema.js';

@ObjectType('DecodedCode', { simpleResolvers: true, description: 'A code that was found in an image.' })
export class DecodedCodeType {
  @Field(() => String, {
    description:
      'The data: FNC1 between GS1 elements as the group separator, UPC as 13 digits, the digits of an add-on right behind those of its EAN or UPC.',
  })
  value!: string;

  @Field(() => String, {
    description: 'The symbology identifier, such as "]E0". With the value behind it, it is a code to scan.',
  })
  symbology!: string;

  @Field(() => ParsedCodeType, { nullable: true, description: 'What the code says: GTIN, lot, expiry, weight, serial.' })
  parsed!: object | null;
}

@ObjectType('BarcodeDecodePayload', { simpleResolvers: true })
export class BarcodeDecodePayload {
  @Field(() => [DecodedCodeType], { description: 'Each once; empty where the image was refused or no code was found.' })
  codes!: object[];

  @Field(() => [UserError])
  userErrors!: UserError[];
}
