import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';

/** Forgets sessions that ended before then, at most `limit`. */
export async function forgetSessions(em: EntityManager, before: Date, limit: number): Promise<number> {
  const rows = await query(
    em,
    `delete from person_session where id in (
       select id from person_session where expires_at < ? order by expires_at limit ? for update skip locked)
     returning id`,
    [before, limit],
  );
  return rows.length;
}

/** Forgets invitations that were accepted or revoked, or have expired, before then, at most `limit` of any shop's. */
export async function forgetInvitations(em: EntityManager, before: Date, limit: number): Promise<number> {
  const rows = await query(
    em,
    `delete from invitation where (shop_id, id) in (
       select shop_id, id from invitation where coalesce(accepted_at, revoked_at, expires_at) < ? limit ? for update skip locked)
     returning id`,
    [before, limit],
  );
  return rows.length;
}
