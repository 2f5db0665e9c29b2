const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** After it nothing is tried again by itself. */
const RETRY_WINDOW_MS = 72 * HOUR_MS;
const FIRST_DELAY_MS = 10 * SECOND_MS;
const FACTOR = 3;
const MAX_DELAY_MS = 12 * HOUR_MS;
/** A delay is shortened by up to this part of it, so that what failed together is not tried again together. */
const JITTER = 0.2;

export interface FailedTry {
  /** Of this round, this one included. */
  readonly failures: number;
  /** When the round began. */
  readonly triesFrom: Date;
  readonly now: Date;
  /** What the receiver asked for. */
  readonly retryAfterMs?: number | undefined;
}

export function triesEndAt(triesFrom: Date): Date {
  return new Date(triesFrom.getTime() + RETRY_WINDOW_MS);
}

/**
 * When a delivery that failed is tried again; undefined: never, it is given up. Without Retry-After, and before the jitter, the tries come
 * 10 s, 30 s, 90 s, 4.5 min, 13.5 min, 40 min, 2 h, 6 h after each other, from then on every 12 h, and the last one at the end of the 72 h.
 */
export function nextTryAt({ failures, triesFrom, now, retryAfterMs = 0 }: FailedTry, random = Math.random()): Date | undefined {
  const endsAt = triesEndAt(triesFrom);
  if (now >= endsAt) return undefined;
  const fullMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * FACTOR ** (failures - 1));
  const delayMs = Math.max(fullMs * (1 - JITTER * random), retryAfterMs);
  return new Date(Math.min(now.getTime() + Math.ceil(delayMs), endsAt.getTime()));
}
