const MINUTE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
export const MINUTES_PER_DAY = 1_440;
/** Between two moments a clock is set at most so often: a zone that does it more often is given up on. */
const MAX_SETTINGS = 8;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clock on the wall shows, in whole minutes since midnight. Today's zones are all whole minutes away from UTC. */
export function minuteOfDay(at: Date, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(at);
  const numberOf = (type: 'hour' | 'minute'): number => Number(parts.find((part) => part.type === type)?.value);
  return numberOf('hour') * MINUTES_PER_HOUR + numberOf('minute');
}

/** Whether a minute of the day lies in from … to, `to` not included; over midnight where `to` is the smaller. */
export function isWithin(minute: number, from: number, to: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function wrap(minutes: number): number {
  return ((minutes % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
}

/** How far the wall is ahead of UTC, up to whole days. */
function aheadOfUtc(at: number, timeZone: string): number {
  return wrap(minuteOfDay(new Date(at), timeZone) - Math.floor(at / MINUTE_MS));
}

/**
 * The first whole minute after `now` at which the wall's clock does not lie in from … to any more; `now` itself where it does not lie in it.
 * A clock that is set forward over the end has it end where it was set; one that is set back lives through the hour twice.
 */
export function endOfSpan(now: Date, timeZone: string, { from, to }: { from: number; to: number }): Date {
  let at = now.getTime();
  for (let settings = 0; settings < MAX_SETTINGS; settings += 1) {
    const minute = minuteOfDay(new Date(at), timeZone);
    if (!isWithin(minute, from, to)) return new Date(at);
    const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const end = start + wrap(to - minute) * MINUTE_MS;
    const ahead = aheadOfUtc(start, timeZone);
    if (aheadOfUtc(end, timeZone) === ahead) return new Date(end);
    at = firstMinuteOf(start, end, (then) => aheadOfUtc(then, timeZone) !== ahead);
  }
  return new Date(at);
}

/** The first whole minute after `now` at which the wall shows this minute of the day, or jumps over it. */
export function nextAt(now: Date, timeZone: string, minute: number): Date {
  const rest = wrap(minute - 1);
  // Everything but the minute before it is the span before that, so it is found as the end of one.
  const start = minuteOfDay(now, timeZone) === wrap(minute) ? new Date(now.getTime() + MINUTE_MS) : now;
  return endOfSpan(endOfSpan(start, timeZone, { from: wrap(minute), to: rest }), timeZone, { from: rest, to: wrap(minute) });
}

/** When the wall's day began that `now` lies in: the last midnight, or where the clock jumped over it. */
export function startOfDay(now: Date, timeZone: string): Date {
  const dayBefore = new Date(now.getTime() - MINUTES_PER_DAY * MINUTE_MS);
  let start = nextAt(dayBefore, timeZone, 0);
  for (let next = nextAt(start, timeZone, 0); next <= now; next = nextAt(next, timeZone, 0)) start = next;
  return start;
}

/** Between two whole minutes, of which the first does not fit and the last does. */
function firstMinuteOf(from: number, to: number, fits: (at: number) => boolean): number {
  let [low, high] = [from / MINUTE_MS, to / MINUTE_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle * MINUTE_MS)) high = middle;
    else low = middle;
  }
  return high * MINUTE_MS;
}
