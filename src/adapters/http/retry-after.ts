const SECONDS = /^\d{1,9}$/;
const MS_PER_S = 1_000;

/** Retry-After in milliseconds from `now` on: seconds or an HTTP date (RFC 9110, section 10.2.3). Undefined where it is neither. */
export function readRetryAfter(header: string | readonly string[] | undefined, now: Date): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined || text === '') return undefined;
  if (SECONDS.test(text)) return Number(text) * MS_PER_S;
  // What is only digits and signs would be read as a year by some date parsers.
  const time = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now.getTime());
}
