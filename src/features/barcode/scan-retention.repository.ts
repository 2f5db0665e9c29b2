import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';

/** Forgets scans of codes that were unknown, after their code was named and they were done. One that is sent again is still known by the key of its movement. */
export async function forgetNamedScans(em: EntityManager, before: Date, limit: number): Promise<number> {
  const rows = await query(
    em,
    `delete from parked_scan where (shop_id, id) in (
         select shop_id, id from parked_scan where resolved_at < ? order by resolved_at limit ? for update skip locked)
       returning id`,
    [before, limit],
  );
  return rows.length;
}

/** Forgets scans of codes that nobody has named. */
export async function forgetWaitingScans(em: EntityManager, before: Date, limit: number): Promise<number> {
  const rows = await query(
    em,
    `delete from parked_scan where (shop_id, id) in (
         select shop_id, id from parked_scan where resolved_at is null and created_at < ? limit ? for update skip locked)
       returning id`,
    [before, limit],
  );
  return rows.length;
}

/** Forgets what was learnt of codes, after it is believed no more: who scans one again has it looked up again. */
export async function forgetLookUps(em: EntityManager, before: Date, limit: number): Promise<number> {
  const rows = await query(
    em,
    `delete from product_lookup where (shop_id, gtin) in (
         select shop_id, gtin from product_lookup where expires_at < ? order by expires_at limit ? for update skip locked)
       returning gtin`,
    [before, limit],
  );
  return rows.length;
}
