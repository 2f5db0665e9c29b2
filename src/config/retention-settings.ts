import type { z } from 'zod';
import { wholeNumber } from './setting-rules.js';

const MAX_DAYS = 36_500;
const MS_PER_DAY = 24 * 3_600_000;

/** For how many days what is needed no more is kept; 0: for ever. */
const days = (fallback: number) => wholeNumber(0, MAX_DAYS, fallback);

export const retentionSettings = {
  RETAIN_ADDRESSES_DAYS: days(90),
  RETAIN_SCANS_DAYS: days(90),
  RETAIN_WAITING_SCANS_DAYS: days(0),
  RETAIN_LOOKUPS_DAYS: days(180),
  RETAIN_SESSIONS_DAYS: days(30),
  RETAIN_INVITATIONS_DAYS: days(30),
};

/** How long each is kept; undefined: for ever. */
export interface RetentionConfig {
  /** Of clients in the audit log, with the ids of their requests. */
  readonly addressesMs: number | undefined;
  /** Of codes that were unknown, after their code was named. */
  readonly scansMs: number | undefined;
  /** Of codes that nobody has named. */
  readonly waitingScansMs: number | undefined;
  /** Of codes that were looked up, after the answer is believed no more. */
  readonly lookupsMs: number | undefined;
  /** After they have ended. */
  readonly sessionsMs: number | undefined;
  /** After they were accepted or revoked, or have expired. */
  readonly invitationsMs: number | undefined;
}

export function retentionConfig(value: z.output<z.ZodObject<typeof retentionSettings>>): RetentionConfig {
  const ms = (count: number) => (count === 0 ? undefined : count * MS_PER_DAY);
  return {
    addressesMs: ms(value.RETAIN_ADDRESSES_DAYS),
    scansMs: ms(value.RETAIN_SCANS_DAYS),
    waitingScansMs: ms(value.RETAIN_WAITING_SCANS_DAYS),
    lookupsMs: ms(value.RETAIN_LOOKUPS_DAYS),
    sessionsMs: ms(value.RETAIN_SESSIONS_DAYS),
    invitationsMs: ms(value.RETAIN_INVITATIONS_DAYS),
  };
}
