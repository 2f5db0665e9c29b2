import type { EntityManager } from '@mikro-orm/postgresql';
import { countWritten } from '../../platform/sql.js';

/** Forgets scans of codes that were unknown, after their code was named and they were done. One that is sent again is still known by the key of its movement. */
export function forgetNamedScans(em: EntityManager, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `delete from parked_scan where (shop_id, id) in (
         select shop_id, id from parked_scan where resolved_at < ? order by resolved_at limit ? for update skip locked)
       returning id`,
    [before, limit],
  );
}

/** Forgets scans of codes that nobody has named. */
export function forgetWaitingScans(em: EntityManager, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `delete from parked_scan where (shop_id, id) in (
         select shop_id, id from parked_scan where resolved_at is null and created_at < ? limit ? for update skip locked)
       returning id`,
    [before, limit],
  );
}

/** Forgets what was learnt of codes, after it is believed no more: who scans one again has it looked up again. */
export function forgetLookUps(em: EntityManager, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `delete from product_lookup where (shop_id, gtin) in (
         select shop_id, gtin from product_lookup where expires_at < ? order by expires_at limit ? for update skip locked)
       returning gtin`,
    [before, limit],
  );
}
