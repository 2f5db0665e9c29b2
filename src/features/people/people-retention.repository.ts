import type { EntityManager } from '@mikro-orm/postgresql';
import { countWritten } from '../../platform/sql.js';

/** Forgets sessions that ended before then, at most `limit`. */
export function forgetSessions(em: EntityManager, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `delete from person_session where id in (
       select id from person_session where expires_at < ? order by expires_at limit ? for update skip locked)
     returning id`,
    [before, limit],
  );
}

/** Forgets invitations that were accepted or revoked, or have expired, before then, at most `limit` of any shop's. */
export function forgetInvitations(em: EntityManager, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `delete from invitation where (shop_id, id) in (
       select shop_id, id from invitation where coalesce(accepted_at, revoked_at, expires_at) < ? limit ? for update skip locked)
     returning id`,
    [before, limit],
  );
}
