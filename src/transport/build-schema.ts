import 'reflect-metadata';
import {
  assertValidSchema,
  GraphQLSchema,
  isInputObjectType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLArgument,
  type GraphQLInputField,
} from 'graphql';
import { buildSchemaSync, type NonEmptyArray, type PubSub } from 'type-graphql';
import { completeNodes } from '../graphql/node.schema.js';
import { countValues } from './admission/value-budget.js';
import { useExactArguments } from './exact-arguments.js';
import { guardFields, type FieldRules } from './field-guard.js';

/** Resolver classes have no dependencies to be injected: everything that they need is in the request's context. */
export type ResolverClass = new () => object;

/** type-graphql wants one wherever there are subscriptions; ours say themselves where their events come from. */
const NO_TOPICS: PubSub = {
  publish: () => undefined,
  subscribe: (topic) => {
    throw new TypeError(`Nothing is published, on ${topic} or elsewhere.`);
  },
};

/**
 * The executable schema of these resolvers: type-graphql's, with global ids, @oneOf inputs, types of abstract values, and arguments that
 * graphql-jit cannot get wrong. Every field is given to those alone whom the rules name; they come before its arguments are looked at. Throws
 * when the schema is not valid, or a field has no rule.
 */
export function buildStockroomSchema(resolvers: readonly ResolverClass[], rules: FieldRules): GraphQLSchema {
  const built = buildSchemaSync({
    resolvers: resolvers as unknown as NonEmptyArray<ResolverClass>,
    validate: false,
    pubSub: NO_TOPICS,
  });
  for (const type of Object.values(built.getTypeMap())) {
    if (isInputObjectType(type)) {
      type.isOneOf = type.extensions.oneOf === true;
      for (const field of Object.values(type.getFields())) checkDefault(`${type.name}.${field.name}`, field);
    }
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      for (const argument of field.args) checkDefault(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  completeNodes(built);
  useExactArguments(built);
  countValues(built);
  guardFields(built, rules);
  // The built schema was found valid before its inputs became @oneOf; this one is looked at anew.
  const schema = new GraphQLSchema({ ...built.toConfig(), assumeValid: false });
  assertValidSchema(schema);
  return schema;
}

/** Defaults are given as resolvers receive them: a text where a Decimal is due would reach arithmetic as a text. */
function checkDefault(where: string, { type, defaultValue }: GraphQLArgument | GraphQLInputField): void {
  if (String(type).startsWith('Decimal') && typeof defaultValue === 'string') {
    throw new TypeError(`${where}: the default of a Decimal is a Quantity, not a text.`);
  }
}

/** The schema as text, with everything in one order, so that two builds give the same text. */
export function printSortedSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
