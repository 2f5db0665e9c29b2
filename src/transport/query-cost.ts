import type { ApolloServerPlugin } from '@apollo/server';
import { getNullableType, GraphQLError, isCompositeType, getNamedType, isListType } from 'graphql';
import { getComplexity, type ComplexityEstimatorArgs } from 'graphql-query-complexity';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../platform/paging.js';

/** Objects that one operation may ask for at most; a page of 100 items with 100 movements each has some 10,000. */
export const MAX_OBJECTS = 50_000;
/** What a list without a page size counts for: levels of an item, barcodes, children of a category. */
const PLAIN_LIST_SIZE = 10;
/** Fields written out, fragments each time they are used. */
const MAX_FIELDS = 20_000;

const THE_CLIENTS = { code: 'BAD_USER_INPUT', http: { status: 400 } };

/**
 * Refuses (BAD_USER_INPUT) operations that could ask for more than MAX_OBJECTS objects, before anything is read: pages nested in pages
 * multiply, and no limit of depth or length is a limit of that.
 */
export const queryCost: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation({ schema, document, operationName, request }) {
        const objects = countObjects({
          schema,
          query: document,
          operationName: operationName ?? undefined,
          variables: request.variables ?? {},
          estimators: [objectsOf],
          maxQueryNodes: MAX_FIELDS,
        });
        if (objects > MAX_OBJECTS) throw tooMuch(objects);
        return Promise.resolve();
      },
    }),
};

/** Variables that do not fit show up here first, and are the client's error. */
function countObjects(options: Parameters<typeof getComplexity>[0]): number {
  try {
    return getComplexity(options);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new GraphQLError(error.message, { nodes: error.nodes, extensions: { ...THE_CLIENTS, ...error.extensions } });
  }
}

function tooMuch(objects: number): GraphQLError {
  const message = `This could ask for ${String(objects)} objects at once; at most ${String(MAX_OBJECTS)} are given. Ask for smaller pages, or for fewer lists within lists.`;
  return new GraphQLError(message, { extensions: THE_CLIENTS });
}

/** How many objects a field can bring, those within it included. */
function objectsOf({ type, field, args, childComplexity }: ComplexityEstimatorArgs): number {
  if (type.name.startsWith('__') || field.name.startsWith('__') || !isCompositeType(getNamedType(field.type))) return 0;
  if (field.args.some(({ name }) => name === 'first')) return 1 + pageSize(args.first) * childComplexity;
  const isPage = type.name.endsWith('Connection') || type.name.endsWith('Edge');
  if (isPage) return field.name === 'edges' ? childComplexity : 1 + childComplexity;
  const each = 1 + childComplexity;
  return (isListType(getNullableType(field.type)) ? PLAIN_LIST_SIZE * each : each) * batches(args);
}

function pageSize(first: unknown): number {
  return typeof first === 'number' ? Math.min(Math.max(first, 1), MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
}

/** A field that is given a list of ids, acts or scans answers with as many objects. */
function batches(args: ComplexityEstimatorArgs['args']): number {
  const input = (args.input ?? args) as Record<string, unknown>;
  const longest = Math.max(0, ...Object.values(input).map((value) => (Array.isArray(value) ? value.length : 0)));
  return Math.max(1, Math.ceil(longest / PLAIN_LIST_SIZE));
}
