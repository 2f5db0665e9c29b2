import type { FastifyRequest } from 'fastify';
import { RequestError, type RequestErrorCode } from '../kernel/errors.js';
import { INTERNAL_ERROR_MESSAGE } from './error-mask.js';

export interface HttpError {
  status: number;
  code: string;
  message: string;
  /** When the same may be tried again. */
  retryAfterMs?: number | undefined;
}

const HTTP_INTERNAL_ERROR = 500;
const HTTP_BAD_REQUEST = 400;
const STATUS: Record<RequestErrorCode, number> = {
  BAD_USER_INPUT: HTTP_BAD_REQUEST,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
};
const CODES = new Map([
  [404, 'NOT_FOUND'],
  [405, 'METHOD_NOT_ALLOWED'],
  [413, 'PAYLOAD_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [503, 'UNAVAILABLE'],
]);

/** The stable code of a refusal that HTTP has a status for. */
export function codeOfStatus(status: number): string {
  return CODES.get(status) ?? 'BAD_REQUEST';
}

/** What a client may see of an error that no route handled. What is not the client's fault is masked, and logged with its stack. */
export function httpErrorOf(error: Error, { log }: Pick<FastifyRequest, 'log'>): HttpError {
  if (error instanceof RequestError) {
    const { code, message, retryAfterMs } = error;
    return { status: STATUS[code], code, message, retryAfterMs };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : HTTP_INTERNAL_ERROR;
  if (status >= HTTP_BAD_REQUEST && status < HTTP_INTERNAL_ERROR) {
    return { status, code: codeOfStatus(status), message: error.message };
  }
  log.error({ err: error }, 'a request failed unexpectedly');
  return { status: HTTP_INTERNAL_ERROR, code: 'INTERNAL_SERVER_ERROR', message: INTERNAL_ERROR_MESSAGE };
}
