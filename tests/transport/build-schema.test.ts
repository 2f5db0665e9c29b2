import 'reflect-metadata';
import { Arg, Field, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { expect, test } from 'vitest';
import { Node } from '../../src/graphql/node.schema.js';
import { OneOf } from '../../src/graphql/one-of.js';
import { DecimalScalar } from '../../src/graphql/scalars.js';
import { buildStockroomSchema } from '../../src/transport/build-schema.js';

@OneOf()
@InputType('WrongRef')
class WrongRef {
  @Field(() => String)
  id!: string;
}

@Resolver()
class WrongOneOf {
  @Query(() => String)
  wrong(@Arg('by', () => WrongRef) by: WrongRef): string {
    return by.id;
  }
}

@Resolver()
class WrongDefault {
  @Query(() => String)
  wrong(@Arg('quantity', () => DecimalScalar, { nullable: true, defaultValue: '1' }) amount: unknown): string {
    return String(amount);
  }
}

@ObjectType('Stranger', { implements: Node })
class Stranger extends Node {}

@Resolver()
class WrongNode {
  @Query(() => Stranger)
  wrong(): Stranger {
    return new Stranger();
  }
}

test('a @oneOf input may not require a field', () => {
  expect(() => buildStockroomSchema([WrongOneOf], { Query: { wrong: 'PUBLIC' } })).toThrow(/WrongRef.id must be nullable/);
});

test('the default of a Decimal is a Quantity', () => {
  expect(() => buildStockroomSchema([WrongDefault], { Query: { wrong: 'PUBLIC' } })).toThrow(
    'Query.wrong(quantity): the default of a Decimal is a Quantity, not a text.',
  );
});

test('a node needs a letter for its global ids', () => {
  expect(() => buildStockroomSchema([WrongNode], { Query: { wrong: 'PUBLIC' } })).toThrow(
    /Stranger implements Node, but global-id.ts has no letter/,
  );
});
