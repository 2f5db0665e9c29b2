import { RequestError } from '../../kernel/errors.js';
import type { Limiter } from '../../platform/limits/limiter.js';
import { networkOf } from '../../platform/limits/network.js';

const MS_PER_S = 1_000;

/**
 * How often somebody may try. `byAddress`: whoever tries. `byBoth`: one address at one account. `byEmail`: everybody at one account; so much larger that a dozen
 * addresses together cannot keep an owner out who is known to them. `resets`: mails to one account, which are no sign-ins and use up none.
 */
export interface AttemptLimiters {
  readonly byAddress: Limiter;
  readonly byBoth: Limiter;
  readonly byEmail: Limiter;
  readonly resets: Limiter;
}

const MINUTE_MS = 60_000;
/** Of sign-ins and invitations together; `byAddress` of resets too. */
export const ATTEMPT_RULES = {
  byAddress: { name: 'attempts', points: 30, perMs: 10 * MINUTE_MS },
  byBoth: { name: 'attempts-both', points: 8, perMs: 10 * MINUTE_MS },
  byEmail: { name: 'attempts-email', points: 600, perMs: 60 * MINUTE_MS },
  resets: { name: 'resets', points: 10, perMs: 60 * MINUTE_MS },
} as const;

/** Counts an attempt, before it is known whether it succeeds. Refuses (TOO_MANY_REQUESTS) where there were too many. */
export async function takeAttempt(limiters: AttemptLimiters, address: string | undefined, account?: string): Promise<void> {
  const from = networkOf(address ?? '');
  const wanted: readonly (readonly [Limiter, string])[] = [
    [limiters.byAddress, from],
    ...(account === undefined
      ? []
      : ([
          [limiters.byBoth, `${account} ${from}`],
          [limiters.byEmail, account],
        ] as const)),
  ];
  for (const [limiter, key] of wanted) await take(limiter, key);
}

/** Counts a reset that is asked for. Refuses (TOO_MANY_REQUESTS) where there were too many, by this address or of this account. */
export async function takeResetRequest(limiters: AttemptLimiters, address: string | undefined, account: string): Promise<void> {
  await take(limiters.byAddress, networkOf(address ?? ''));
  await take(limiters.resets, account);
}

async function take(limiter: Limiter, key: string): Promise<void> {
  const taken = await limiter.take(key);
  if (taken.ok) return;
  const seconds = Math.ceil(taken.retryAfterMs / MS_PER_S);
  throw new RequestError('TOO_MANY_REQUESTS', `Too many attempts: try again in ${String(seconds)} s.`, taken.retryAfterMs);
}
