import { GraphQLError, type ExecutionResult } from 'graphql';
import { RequestError } from '../kernel/errors.js';
import type { ContextRequest } from './request-context.js';

export const INTERNAL_ERROR_MESSAGE = 'Internal server error';

/** Errors that a reply has at most: more are neither told nor logged. */
export const MAX_ERRORS = 20;

type ErrorPlace = Pick<ContextRequest, 'requestId' | 'log'>;

/** The first error that a resolver threw, below what the executor wrapped around it. */
function causeOf(error: GraphQLError): Error {
  const { originalError } = error;
  if (originalError instanceof GraphQLError) return causeOf(originalError);
  return originalError ?? error;
}

/**
 * What a client may see of an error that execution met: a RequestError as it is, everything else masked and logged with its stack. A
 * DomainError that comes this far is a bug too: its mutation should have made userErrors of it.
 */
export function maskExecutionError(error: GraphQLError, { requestId, log }: ErrorPlace): GraphQLError {
  const { nodes, path } = error;
  const cause = causeOf(error);
  if (cause instanceof RequestError) {
    return new GraphQLError(cause.message, { nodes, path, extensions: { code: cause.code } });
  }
  log.error({ err: cause, path: path?.join('.') }, 'a field failed unexpectedly');
  return new GraphQLError(INTERNAL_ERROR_MESSAGE, { nodes, path, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } });
}

/** The same result with its errors masked. */
export function maskErrors(result: ExecutionResult, place: ErrorPlace): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.slice(0, MAX_ERRORS).map((error) => maskExecutionError(error, place)) };
}
