const BYTES_PER_MB = 1_024 * 1_024;

/** Each phase of one try, one try as a whole, and all tries with the pauses between them. */
export interface OutboundTimeouts {
  readonly lookupMs: number;
  readonly connectMs: number;
  readonly secureConnectMs: number;
  readonly sendMs: number;
  /** From the last byte sent to the first of the answer. */
  readonly responseMs: number;
  /** One try, its answer's last byte included: an answer that trickles does not hold anybody up for longer. */
  readonly attemptMs: number;
  /** From the call to its end, waiting for a free place included. */
  readonly totalMs: number;
}

export interface OutboundRetries {
  /** The first try included; 1: nothing is tried again. */
  readonly maxAttempts: number;
  /** The pause before the n-th repetition is random, up to baseMs · 2ⁿ⁻¹ and at most maxMs. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** A longer Retry-After is not waited for but handed to the caller. */
  readonly maxRetryAfterMs: number;
}

export interface OutboundBreaker {
  /** It opens after so many failures in a row … */
  readonly consecutiveFailures: number;
  /** … or when more than this part (above 0, below 1) of the last `sampledCalls` failed, at least `minimumCalls` of them being known. */
  readonly failureRatio: number;
  readonly sampledCalls: number;
  readonly minimumCalls: number;
  /** Before one call is let through to see whether the far side is back; doubles with each that fails, up to maxOpenMs. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

export interface OutboundPolicy {
  readonly timeouts: OutboundTimeouts;
  readonly retries: OutboundRetries;
  readonly breaker: OutboundBreaker;
  /** How many calls run at once, how many may wait, and for how long; until their time is over if that is not given. */
  readonly bulkhead: { readonly concurrent: number; readonly queued: number; readonly maxWaitMs?: number };
  /**
   * Who shares breaker and bulkhead: all calls of this Outbound, or those that name the same lane, for destinations that people enter: one
   * that is down then does not keep the others from being reached, also where both are at one host.
   */
  readonly lanes: 'DESTINATION' | 'REQUEST';
  /** Of an answer's body as it is after decompression. */
  readonly maxResponseBytes: number;
}

export const DEFAULT_POLICY: OutboundPolicy = {
  timeouts: {
    lookupMs: 3_000,
    connectMs: 3_000,
    secureConnectMs: 4_000,
    sendMs: 10_000,
    responseMs: 10_000,
    attemptMs: 15_000,
    totalMs: 30_000,
  },
  retries: { maxAttempts: 3, baseMs: 300, maxMs: 5_000, maxRetryAfterMs: 5_000 },
  breaker: {
    consecutiveFailures: 5,
    failureRatio: 0.5,
    sampledCalls: 20,
    minimumCalls: 10,
    openMs: 10_000,
    maxOpenMs: 120_000,
  },
  bulkhead: { concurrent: 8, queued: 32 },
  lanes: 'DESTINATION',
  maxResponseBytes: BYTES_PER_MB,
};

/** What differs from DEFAULT_POLICY, group by group. */
export interface OutboundPolicyChanges {
  readonly timeouts?: Partial<OutboundTimeouts>;
  readonly retries?: Partial<OutboundRetries>;
  readonly breaker?: Partial<OutboundBreaker>;
  readonly bulkhead?: Partial<OutboundPolicy['bulkhead']>;
  readonly lanes?: OutboundPolicy['lanes'];
  readonly maxResponseBytes?: number;
}

export function outboundPolicy(changes: OutboundPolicyChanges): OutboundPolicy {
  return {
    timeouts: { ...DEFAULT_POLICY.timeouts, ...changes.timeouts },
    retries: { ...DEFAULT_POLICY.retries, ...changes.retries },
    breaker: { ...DEFAULT_POLICY.breaker, ...changes.breaker },
    bulkhead: { ...DEFAULT_POLICY.bulkhead, ...changes.bulkhead },
    lanes: changes.lanes ?? DEFAULT_POLICY.lanes,
    maxResponseBytes: changes.maxResponseBytes ?? DEFAULT_POLICY.maxResponseBytes,
  };
}
