import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { setTimeout as sleep } from 'node:timers/promises';
import { inShop } from '../platform/tenancy.js';
import { throttledError, type OperationGuard } from './admission/operation-guard.js';
import type { Cost } from './admission/query-cost.js';
import { maskErrors, maskExecutionError } from './error-mask.js';
import type { TransportContext } from './request-context.js';

/** What graphql-ws was asked for. */
export interface LiveRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

const MAX_VALIDATION_ERRORS = 5;

/** What is run for a subscription, and what each of its events can come to. */
export interface LiveOperation extends ExecutionArgs {
  readonly costOfEvent: Cost;
}

/**
 * What is to be run for a request on the socket, or why it is not: the same limits as over HTTP, with the objects of one event for those of one reply.
 * Only subscriptions: all else is answered over HTTP. It is charged to the actor as a request is that brings nothing yet.
 */
export async function liveOperation(
  schema: GraphQLSchema,
  guard: OperationGuard,
  request: LiveRequest,
  context: TransportContext,
): Promise<LiveOperation | readonly GraphQLError[]> {
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
    const costOfEvent = guard.costOf({ schema, document, operationName: operationName ?? null, queryHash: query, variables });
    const { requested } = costOfEvent;
    if (requested > guard.limits.objects) return [tooMuch(requested, guard.limits.objects)];
    const throttled = await guard.charge(costOfEvent, context);
    if (throttled) return [throttledError(throttled)];
    guard.settle(costOfEvent, undefined, context);
    return { schema, document, operationName, variableValues: variables, costOfEvent };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function tooMuch(objects: number, most: number): GraphQLError {
  return refused(`Each event could ask for ${String(objects)} objects; at most ${String(most)} are given.`);
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function withoutSuggestion({ message, nodes }: GraphQLError): GraphQLError {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
  return new GraphQLError(message.replace(/\s*Did you mean\b.*$/s, ''), { nodes, extensions });
}

export interface LiveOptions {
  /** Looks up anew who listens. */
  readonly contextFor: () => Promise<TransportContext>;
  readonly guard: OperationGuard;
  /** How long an event waits for its actor to be allowed so many objects again. */
  readonly patienceMs: number;
}

/**
 * The events of a subscription, each with a context of its own: who listens is looked up anew, and what was read for one event is not
 * kept for the next. Each is charged to the actor; one that he is not allowed yet waits, and those behind it stay where they come from. Where it would wait for
 * too long the events end with TOO_MANY_REQUESTS, so that nobody believes to have been told of it. They also end with whatever `contextFor` throws; what else
 * fails is masked and logged.
 */
export async function liveEvents(
  args: LiveOperation,
  options: LiveOptions,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const context = await options.contextFor();
  const source = await confined(context, () => createSourceEventStream({ ...args, contextValue: context }));
  if (!(Symbol.asyncIterator in source)) return maskErrors(source, context);
  const events = source[Symbol.asyncIterator]();
  const ended = new AbortController();
  const results: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      try {
        const { done, value } = (await events.next()) as IteratorResult<unknown, unknown>;
        const result = done ? undefined : await resultOf(value, args, { ...options, signal: ended.signal });
        return result ? { done: false, value: result } : { done: true, value: undefined };
      } catch (error) {
        await events.return?.();
        throw error instanceof GraphQLError ? error : maskExecutionError(wrapped(error), context);
      }
    },
    return: async () => {
      ended.abort();
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return results;
    },
  };
  return results;
}

/** Undefined where nobody listens any more. */
async function resultOf(
  event: unknown,
  args: LiveOperation,
  { contextFor, guard, patienceMs, signal }: LiveOptions & { readonly signal: AbortSignal },
): Promise<ExecutionResult | undefined> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const contextValue = await contextFor();
    const throttled = await guard.charge(args.costOfEvent, contextValue);
    if (!throttled) {
      const result = await confined(contextValue, () => execute({ ...args, rootValue: event, contextValue }));
      const { refusal } = guard.settle(args.costOfEvent, result.data, contextValue);
      return refusal ? { errors: [refusal] } : maskErrors(result, contextValue);
    }
    if (performance.now() + throttled.retryAfterMs > until) throw throttledError(throttled);
    await pause(throttled.retryAfterMs, signal);
    if (signal.aborted) return undefined;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}

function wrapped(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function confined<T>({ actor }: TransportContext, act: () => T): T {
  return actor ? inShop(actor.shopId, act) : act();
}
