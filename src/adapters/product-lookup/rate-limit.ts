import type { IncomingHttpHeaders } from 'node:http';

/** Above it a number is a moment, in seconds since 1970; below it a duration in seconds. */
const FIRST_MOMENT_S = 1_000_000_000;
const MS_PER_S = 1_000;
/** However far away a reset is said to be, somebody looks again after this. */
const MAX_PAUSE_MS = 24 * 3_600 * MS_PER_S;
const WHOLE = /^\d{1,12}$/;
const DEFAULT_PAUSE_MS = 60_000;

/** For how long the far side wants no further question: its Retry-After, or X-RateLimit-Reset where nothing remains. */
export function readPauseMs(
  { headers, retryAfterMs }: { readonly headers: IncomingHttpHeaders; readonly retryAfterMs?: number | undefined },
  now: Date,
): number | undefined {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, MAX_PAUSE_MS);
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const reset = headers['x-ratelimit-reset'];
  if (typeof reset !== 'string' || !WHOLE.test(reset)) return DEFAULT_PAUSE_MS;
  const seconds = Number(reset);
  const pauseMs = seconds < FIRST_MOMENT_S ? seconds * MS_PER_S : seconds * MS_PER_S - now.getTime();
  return Math.min(MAX_PAUSE_MS, Math.max(0, pauseMs));
}
