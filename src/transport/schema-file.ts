import { buildSchema, findBreakingChanges, isInputObjectType, type GraphQLSchema } from 'graphql';
import { printSortedSchema } from './build-schema.js';

/** What a schema file in the repository is compared with: the text in it, and the text that clients were built against. */
export interface SchemaFiles {
  /** Undefined when there is no file yet. */
  emitted: string | undefined;
  /** Undefined when there is nothing that clients could have used. */
  published: string | undefined;
}

/** Complaints, one a line: the emitted file is stale, or the schema breaks a client of the published one. Empty when all is well. */
export function checkSchemaFiles(schema: GraphQLSchema, { emitted, published }: SchemaFiles): string[] {
  const stale =
    emitted === printSortedSchema(schema) ? [] : ['the emitted schema is stale: run npm run schema and commit the file'];
  return [...stale, ...(published === undefined ? [] : breakingChanges(buildSchema(published), schema))];
}

/** What in `after` breaks a client of `before`; graphql-js does not know that an input which becomes @oneOf breaks clients too. */
export function breakingChanges(before: GraphQLSchema, after: GraphQLSchema): string[] {
  const known = findBreakingChanges(before, after).map(({ type, description }) => `${type}: ${description}`);
  const narrowed = Object.values(after.getTypeMap()).filter((type) => {
    const was = before.getType(type.name);
    return isInputObjectType(type) && type.isOneOf && isInputObjectType(was) && !was.isOneOf;
  });
  return [...known, ...narrowed.map(({ name }) => `INPUT_BECAME_ONE_OF: ${name} takes exactly one field now.`)];
}
