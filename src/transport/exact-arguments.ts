import { getArgumentValues, GraphQLError, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import { RequestError } from '../kernel/errors.js';

/**
 * Lets graphql-js work out the arguments of every field that has some, in place. graphql-jit writes literals and defaults into its code as
 * JSON, so that a Decimal would arrive as a text, and an absent variable inside a literal as null, which in a patch means "clear".
 */
export function useExactArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length > 0) wrap(field);
    }
  }
}

function wrap(field: GraphQLField<unknown, unknown>): void {
  const { resolve } = field;
  if (resolve === undefined) return;
  field.resolve = (source, _, context, info) => resolve(source, argumentsOf(field, info), context, info);
}

type FieldResolve = NonNullable<GraphQLField<unknown, unknown>['resolve']>;

function argumentsOf(field: GraphQLField<unknown, unknown>, info: Parameters<FieldResolve>[3]): Record<string, unknown> {
  const [node] = info.fieldNodes;
  if (node === undefined) return {};
  try {
    return getArgumentValues(field, node, info.variableValues);
  } catch (error) {
    if (error instanceof GraphQLError) throw new RequestError('BAD_USER_INPUT', error.message);
    throw error;
  }
}
