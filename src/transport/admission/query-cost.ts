import {
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  isListType,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { getComplexity, type ComplexityEstimatorArgs } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../platform/paging.js';

/** What a list without a page size counts for: levels of an item, barcodes, children of a category. */
const PLAIN_LIST_SIZE = 10;
const MAX_KNOWN = 2_000;
/** Of what one is known by; who sends objects of many names is gone over each time. */
const MAX_NAME_LENGTH = 2_000;
/** Each is looked for in a message, so that a long list of wrong things would take long to refuse. */
const MAX_VARIABLE_ERRORS = 1;
/** The client's error. */
export const HIS_FAULT = { code: 'BAD_USER_INPUT', http: { status: 400 } } as const;

export interface CostedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly queryHash: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** How many objects operations can bring, pages within pages multiplied; 1 at the least. An operation that comes again with lists as long is not gone over again. */
export class QueryCost {
  private readonly known = new LRUCache<string, number>({ max: MAX_KNOWN });

  constructor(private readonly maxFields: number) {}

  /** Refuses variables that do not fit, which show up here first (BAD_USER_INPUT). */
  of({ schema, document, operationName, queryHash, variables }: CostedOperation): number {
    const name = `${queryHash}:${operationName ?? ''}:${JSON.stringify(sizesOf(variables))}`;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const cost = Math.max(1, this.count({ schema, query: document, operationName: operationName ?? undefined, variables }));
    if (name.length <= MAX_NAME_LENGTH) this.known.set(name, cost);
    return cost;
  }

  private count(
    operation: Pick<Parameters<typeof getComplexity>[0], 'schema' | 'query' | 'operationName' | 'variables'>,
  ): number {
    const wrong = firstWrongVariable(operation);
    if (wrong) throw new GraphQLError(wrong.message, { nodes: wrong.nodes, extensions: HIS_FAULT });
    try {
      return getComplexity({ ...operation, estimators: [objectsOf], maxQueryNodes: this.maxFields });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, { nodes: error.nodes, extensions: { ...HIS_FAULT, ...error.extensions } });
    }
  }
}

function firstWrongVariable({
  schema,
  query,
  operationName,
  variables = {},
}: Pick<Parameters<typeof getComplexity>[0], 'schema' | 'query' | 'operationName' | 'variables'>): GraphQLError | undefined {
  const definitions = getOperationAST(query, operationName)?.variableDefinitions ?? [];
  return getVariableValues(schema, definitions, variables, { maxErrors: MAX_VARIABLE_ERRORS }).errors?.[0];
}

/** All of the variables that a cost can depend on: page sizes, conditions, and how long lists are. What does not fit its type is not known by this. */
function sizesOf(value: unknown): unknown {
  if (Array.isArray(value)) return [value.length];
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, part]) => [key, sizesOf(part)]);
  return typeof value === 'string' ? '' : value;
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

/** How many objects a reply has, itself apart; 1 at the least. */
export function objectsIn(data: unknown): number {
  return Math.max(1, objectsBelow(data) - 1);
}

function objectsBelow(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const isList = Array.isArray(value);
  let count = isList ? 0 : 1;
  for (const part of isList ? value : Object.values(value))
    if (typeof part === 'object' && part !== null) count += objectsBelow(part);
  return count;
}
