import {
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  isListType,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { getComplexity, type ComplexityEstimator, type ComplexityEstimatorArgs } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../platform/paging.js';

/** What a list without a page size counts for: levels of an item, barcodes, children of a category. */
const PLAIN_LIST_SIZE = 10;
/** A write locks, writes and tells others what happened. */
const WRITE_COST = 10;
/** Counting goes over all that there is, not over a page of it. */
const COUNT_COST = 500;
/** The schema has thousands of objects, whatever is asked of it. */
const INTROSPECTION_COST = 1_000;
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

/** In objects. */
export interface Cost {
  /** What an operation can come to at the most; 1 at the least. */
  readonly requested: number;
  /** What of it does not show in the reply, and is done whatever comes back: writes, counts of whole tables. */
  readonly work: number;
  /** Whether it changes anything. */
  readonly writes: boolean;
}

/** What operations can come to, pages within pages multiplied. An operation that comes again with lists as long is not gone over again. */
export class QueryCost {
  private readonly known = new LRUCache<string, Cost>({ max: MAX_KNOWN });

  constructor(private readonly maxFields: number) {}

  /** Refuses variables that do not fit, which show up here first (BAD_USER_INPUT). */
  of({ schema, document, operationName, queryHash, variables }: CostedOperation): Cost {
    const name = `${queryHash}:${operationName ?? ''}:${JSON.stringify(sizesOf(variables))}`;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const operation = { schema, query: document, operationName: operationName ?? undefined, variables };
    const wrong = firstWrongVariable(operation);
    if (wrong) throw new GraphQLError(wrong.message, { nodes: wrong.nodes, extensions: HIS_FAULT });
    const work = this.count(operation, workOf);
    const requested = Math.max(1, work + this.count(operation, objectsOf));
    const writes = getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
    const cost = { requested, work, writes };
    if (name.length <= MAX_NAME_LENGTH) this.known.set(name, cost);
    return cost;
  }

  private count(operation: Counted, estimator: ComplexityEstimator): number {
    try {
      return getComplexity({ ...operation, estimators: [estimator], maxQueryNodes: this.maxFields });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, { nodes: error.nodes, extensions: { ...HIS_FAULT, ...error.extensions } });
    }
  }
}

type Counted = Pick<Parameters<typeof getComplexity>[0], 'schema' | 'query' | 'operationName' | 'variables'>;

function firstWrongVariable({ schema, query, operationName, variables = {} }: Counted): GraphQLError | undefined {
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

/** Null is as if nothing were said, and each field has its own size then: none is larger than the largest. */
function pageSize(first: unknown): number {
  return typeof first === 'number' ? Math.min(Math.max(first, 1), MAX_PAGE_SIZE) : MAX_PAGE_SIZE;
}

/** A field that is given a list of ids, acts or scans answers with as many objects. */
function batches(args: ComplexityEstimatorArgs['args']): number {
  return Math.max(1, Math.ceil(longestList(args) / PLAIN_LIST_SIZE));
}

function longestList(args: ComplexityEstimatorArgs['args']): number {
  const input = (args.input ?? args) as Record<string, unknown>;
  return Math.max(0, ...Object.values(input).map((value) => (Array.isArray(value) ? value.length : 0)));
}

/** What a field does that its reply does not show, those within it included. */
function workOf({ type, field, args, childComplexity }: ComplexityEstimatorArgs): number {
  if (field.name === '__schema' || field.name === '__type') return INTROSPECTION_COST;
  if (field.name.startsWith('__')) return 0;
  if (type.name === 'Mutation') return WRITE_COST * Math.max(1, longestList(args)) + childComplexity;
  if (field.name === 'totalCount') return COUNT_COST;
  if (!isListType(getNullableType(field.type))) return childComplexity;
  // How long a page is stands with its connection, and is not known here.
  return childComplexity * (type.name.endsWith('Connection') ? DEFAULT_PAGE_SIZE : PLAIN_LIST_SIZE);
}
