import { wholeNumber } from './setting-rules.js';

const MS_PER_HOUR = 3_600_000;
const MAX_HOURS = 8_760;
const WEEK_HOURS = 168;
/** NIST SP 800-63B, section 4.1.3: at most 30 days. */
const MONTH_HOURS = 720;

/** How long people stay signed in. */
export const peopleSettings = {
  SESSION_IDLE_H: wholeNumber(1, MAX_HOURS, WEEK_HOURS),
  SESSION_MAX_H: wholeNumber(1, MAX_HOURS, MONTH_HOURS),
};

export interface PeopleConfig {
  /** How long a session lasts that nobody uses. */
  readonly idleMs: number;
  /** How long it lasts at most. */
  readonly maxMs: number;
}

export function peopleConfig(value: { readonly SESSION_IDLE_H: number; readonly SESSION_MAX_H: number }): PeopleConfig {
  return { idleMs: value.SESSION_IDLE_H * MS_PER_HOUR, maxMs: value.SESSION_MAX_H * MS_PER_HOUR };
}
