/**
 * Why no answer came. TIMEOUT: a time limit passed. NETWORK: no connection, or it broke, or what came is no HTTP. TLS: the far side could not
 * prove who it is. TOO_LARGE: the answer was longer than allowed. BREAKER_OPEN: it failed so often that it is left alone for now.
 * BULKHEAD_FULL: too much is waiting for it already. REFUSED_ADDRESS: its name leads to an address that may not be asked.
 */
export const OUTBOUND_ERROR_KINDS = [
  'TIMEOUT',
  'NETWORK',
  'TLS',
  'TOO_LARGE',
  'BREAKER_OPEN',
  'BULKHEAD_FULL',
  'REFUSED_ADDRESS',
] as const;
export type OutboundErrorKind = (typeof OUTBOUND_ERROR_KINDS)[number];

/** No answer came. The message names the destination and what went wrong, never an address, a header or a body. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  constructor(
    readonly kind: OutboundErrorKind,
    message: string,
    /** When it may be tried again, where that is known. */
    readonly retryAfterMs?: number,
    /** Of an answer that had begun: what it said first of all. */
    readonly status?: number,
  ) {
    super(message);
  }
}
