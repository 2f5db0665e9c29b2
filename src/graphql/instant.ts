const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)([Zz]|[+-]\d{2}:\d{2})$/;
const CALENDAR_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const LATEST_HOUR = 23;
/** What four digits of a year can say in UTC, without the year 0 that neither the calendar nor PostgreSQL has. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * An RFC 3339 date-time (section 5.6), which always has an offset. Undefined for a day that the calendar lacks, for hour 24, and for a
 * leap second, which a Date cannot hold, and for one that its offset takes out of the years 1 to 9999. Fractions finer than a
 * millisecond are cut.
 */
export function parseInstant(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  const [, day, time, offset] = match ?? [];
  if (day === undefined || time === undefined || offset === undefined) return undefined;
  if (parseCalendarDay(day) === undefined || Number(time.slice(0, 2)) > LATEST_HOUR) return undefined;
  const date = new Date(`${day}T${time}${offset.toUpperCase()}`);
  return date.getTime() >= FIRST_INSTANT && date.getTime() <= LAST_INSTANT ? date : undefined;
}

/** An ISO 8601 calendar day YYYY-MM-DD that exists (no 30 February, no year 0). */
export function parseCalendarDay(text: string): string | undefined {
  const match = CALENDAR_DAY.exec(text);
  if (!match || text < '0001') return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}
