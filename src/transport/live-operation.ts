import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { inShop } from '../platform/tenancy.js';
import type { OperationGuard } from './admission/operation-guard.js';
import { QueryCost } from './admission/query-cost.js';
import { maskExecutionError } from './error-mask.js';
import type { TransportContext } from './request-context.js';

/** What graphql-ws was asked for. */
export interface LiveRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

const MAX_VALIDATION_ERRORS = 5;

/**
 * What is to be run for a request on the socket, or why it is not: the same limits as over HTTP, with the objects of one event for those of one reply.
 * Only subscriptions: all else is answered over HTTP.
 */
export function liveOperation(
  schema: GraphQLSchema,
  guard: OperationGuard,
  request: LiveRequest,
  context: TransportContext,
): ExecutionArgs | readonly GraphQLError[] {
  const query = guard.admit({ query: request.query }, context);
  if (context.refusal || query === undefined) return [context.refusal ?? new GraphQLError('There is no operation.')];
  try {
    const document = parse(query, { maxTokens: guard.limits.tokens });
    const { operationName } = request;
    if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) {
      return [refused('Here are subscriptions only: send queries and mutations over HTTP.')];
    }
    const errors = validate(schema, document, undefined, { maxErrors: MAX_VALIDATION_ERRORS });
    if (errors.length > 0) return errors.map(withoutSuggestion);
    const variables = request.variables ?? {};
    const tooMuch = costRefusal(schema, guard, { document, operationName, variables, query });
    return tooMuch ? [tooMuch] : { schema, document, operationName, variableValues: variables };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

interface Costed {
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Record<string, unknown>;
  readonly query: string;
}

function costRefusal(
  schema: GraphQLSchema,
  { limits }: OperationGuard,
  { document, operationName, variables, query }: Costed,
): GraphQLError | undefined {
  const objects = new QueryCost(limits.fields).of({
    ...{ schema, document, operationName: operationName ?? null, queryHash: query, variables },
  });
  return objects > limits.objects
    ? refused(`Each event could ask for ${String(objects)} objects; at most ${String(limits.objects)} are given.`)
    : undefined;
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function withoutSuggestion({ message, nodes }: GraphQLError): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
  return new GraphQLError(message.replace(/\s*Did you mean\b.*$/s, ''), { nodes, extensions });
}

/**
 * The events of a subscription, each with a context of its own: who listens is looked up anew, and what was read for one event is not
 * kept for the next. Ends with whatever `contextFor` throws.
 */
export async function liveEvents(
  args: ExecutionArgs,
  contextFor: () => Promise<TransportContext>,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const context = await contextFor();
  const source = await confined(context, () => createSourceEventStream({ ...args, contextValue: context }));
  if (!(Symbol.asyncIterator in source)) return masked(source, context);
  const events = source[Symbol.asyncIterator]();
  const results: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      const { done, value } = (await events.next()) as IteratorResult<unknown, unknown>;
      if (done) return { done: true, value: undefined };
      const contextValue = await contextFor();
      const result = await confined(contextValue, () => execute({ ...args, rootValue: value, contextValue }));
      return { done: false, value: masked(result, contextValue) };
    },
    return: async () => {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return results;
    },
  };
  return results;
}

function confined<T>({ actor }: TransportContext, act: () => T): T {
  return actor ? inShop(actor.shopId, act) : act();
}

function masked(result: ExecutionResult, context: TransportContext): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => maskExecutionError(error, context)) };
}
