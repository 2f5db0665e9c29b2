const YYMMDD = /^(\d{2})(\d{2})(\d{2})$/;
const YEARS_IN_CENTURY = 100;
const FURTHEST_YEARS_AHEAD = 50;

/**
 * The calendar day (YYYY-MM-DD) of a GS1 date YYMMDD, or undefined when there is no such day. Day 00 is the last of the month (General
 * Specifications, section 3.4); the century is the one that puts the year at most 49 years back and 50 ahead (section 7.12).
 */
export function readGs1Date(yymmdd: string, currentYear: number): string | undefined {
  const [, yy, mm, dd] = YYMMDD.exec(yymmdd) ?? [];
  if (yy === undefined || mm === undefined || dd === undefined) return undefined;
  const year = fullYear(Number(yy), currentYear);
  const month = Number(mm);
  if (month < 1 || month > 12) return undefined;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = dd === '00' ? lastDay : Number(dd);
  return day > lastDay ? undefined : `${String(year)}-${mm}-${String(day).padStart(2, '0')}`;
}

function fullYear(yy: number, currentYear: number): number {
  const century = currentYear - (currentYear % YEARS_IN_CENTURY);
  const ahead = yy - (currentYear % YEARS_IN_CENTURY);
  if (ahead > FURTHEST_YEARS_AHEAD) return century + yy - YEARS_IN_CENTURY;
  return ahead < 1 - FURTHEST_YEARS_AHEAD ? century + yy + YEARS_IN_CENTURY : century + yy;
}
