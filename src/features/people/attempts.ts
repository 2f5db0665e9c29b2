import ipaddr from 'ipaddr.js';
import { RequestError } from '../../kernel/errors.js';

const MS_PER_S = 1_000;

/** Counts what is done under a key. */
export interface AttemptLimiter {
  take(key: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }>;
}

/**
 * How often somebody may try. `byAddress`: whoever tries. `byBoth`: one address at one account. `byEmail`: everybody at one account; larger than what one address can
 * use up in the same time, so that one who knows an address cannot keep its owner out.
 */
export interface AttemptLimiters {
  readonly byAddress: AttemptLimiter;
  readonly byBoth: AttemptLimiter;
  readonly byEmail: AttemptLimiter;
}

const MINUTE_MS = 60_000;
/** Of sign-ins, resets and invitations together. */
export const ATTEMPT_RULES = {
  byAddress: { name: 'attempts', points: 30, perMs: 10 * MINUTE_MS },
  byBoth: { name: 'attempts-both', points: 8, perMs: 10 * MINUTE_MS },
  byEmail: { name: 'attempts-email', points: 60, perMs: 60 * MINUTE_MS },
} as const;

/** Counts an attempt, before it is known whether it succeeds. Refuses (TOO_MANY_REQUESTS) where there were too many. */
export async function takeAttempt(limiters: AttemptLimiters, address: string | undefined, account?: string): Promise<void> {
  const from = networkOf(address);
  const wanted: readonly (readonly [AttemptLimiter, string])[] = [
    [limiters.byAddress, from],
    ...(account === undefined
      ? []
      : ([
          [limiters.byBoth, `${account} ${from}`],
          [limiters.byEmail, account],
        ] as const)),
  ];
  for (const [limiter, key] of wanted) {
    const taken = await limiter.take(key);
    if (taken.ok) continue;
    const seconds = Math.ceil(taken.retryAfterMs / MS_PER_S);
    const refusal = new RequestError('TOO_MANY_REQUESTS', `Too many attempts: try again in ${String(seconds)} s.`);
    throw Object.assign(refusal, { retryAfterMs: taken.retryAfterMs });
  }
}

/** Bits of an IPv6 address that one subscriber has for himself at the least (RFC 6177): he changes the others as he likes. */
const SUBSCRIBER_BITS = 64;

function networkOf(address = ''): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${String(SUBSCRIBER_BITS)}`).toString();
}
