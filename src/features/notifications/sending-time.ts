import { endOfSpan, nextAt, startOfDay } from './wall-clock.js';

/** In the morning, where the cap of the day before is no more. */
const DIGEST_MINUTE = 7 * 60;

export interface SendingRules {
  readonly timeZone: string;
  readonly quiet: { readonly from: number; readonly to: number } | undefined;
  readonly dailyCap: number | null;
}

/** When the day began that counts for the cap: on the shop's wall, not the server's. */
export function capDayOf(now: Date, timeZone: string): Date {
  return startOfDay(now, timeZone);
}

/** A reason to wait, and until when. */
export interface Wait {
  readonly until: Date;
  readonly why: string;
}

/**
 * Why a person is not to be told now, of whom `sentToday` were told already; undefined where nothing speaks against it. What waits goes on
 * collecting: over the cap the rest of the day becomes one digest of the next morning, and a night one at its end.
 */
export function waitOf(now: Date, sentToday: number, { timeZone, quiet, dailyCap }: SendingRules): Wait | undefined {
  if (dailyCap !== null && sentToday >= dailyCap) {
    const morning = nextAt(nextAt(now, timeZone, 0), timeZone, DIGEST_MINUTE);
    return { until: quiet ? endOfSpan(morning, timeZone, quiet) : morning, why: 'The daily cap is reached.' };
  }
  const end = quiet ? endOfSpan(now, timeZone, quiet) : now;
  return end > now ? { until: end, why: 'Quiet hours.' } : undefined;
}
