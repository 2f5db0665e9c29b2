/** Codes of refusals that a client can expect; they reach it as `userErrors`, never as a failed request. */
export const REFUSAL_CODES = [
  'NOT_FOUND',
  'INVALID',
  'DUPLICATE',
  'INSUFFICIENT_STOCK',
  'STALE_QUANTITY',
  'KEY_REUSED',
  'EXPIRED_LOT',
  'PERIOD_CLOSED',
  'IN_USE',
  'UNSUPPORTED',
  'ALREADY_DONE',
  'NOT_APPLIED',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A refusal that a client can expect. `path` names the input field at fault, outermost first. */
export class DomainError extends Error {
  override readonly name: string = 'DomainError';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly path: readonly string[] = [],
  ) {
    super(message);
  }
}

export class NotFoundError extends DomainError {
  override readonly name = 'NotFoundError';

  constructor(message: string, path: readonly string[] = []) {
    super('NOT_FOUND', message, path);
  }
}

export class InvalidError extends DomainError {
  override readonly name = 'InvalidError';

  constructor(message: string, path: readonly string[] = []) {
    super('INVALID', message, path);
  }
}

export class DuplicateError extends DomainError {
  override readonly name = 'DuplicateError';

  constructor(message: string, path: readonly string[] = []) {
    super('DUPLICATE', message, path);
  }
}

export class InUseError extends DomainError {
  override readonly name = 'InUseError';

  constructor(message: string, path: readonly string[] = []) {
    super('IN_USE', message, path);
  }
}

/**
 * A request that may not be served at all: top-level in GraphQL, a status in HTTP. BAD_USER_INPUT is for what a schema cannot say
 * (a page size out of range, a cursor that is none); what a form could show next to a field is a DomainError instead. UNAVAILABLE: something that this
 * server needs for it does not answer, and the same may succeed later.
 */
export type RequestErrorCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_USER_INPUT' | 'TOO_MANY_REQUESTS' | 'UNAVAILABLE';

export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly code: RequestErrorCode,
    message: string,
    /** When the same may be tried again. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
