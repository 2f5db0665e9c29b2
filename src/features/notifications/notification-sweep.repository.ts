import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';

/** Deletes at most `limit` of any shop's, after their notices; gives how many. What somebody holds is left for the next time. */
export async function sweepBatch(em: EntityManager, old: string, before: Date, limit: number): Promise<number> {
  const found = await query<{ shop_id: string; id: string }>(
    em,
    `select shop_id, id from notification where ${old} limit ? for update skip locked`,
    [before, limit],
  );
  const rows = [arrayLiteral(found.map((row) => row.shop_id)), arrayLiteral(found.map(({ id }) => id))];
  const places = [
    ['alert_notice', 'notification_id'],
    ['notification', 'id'],
  ] as const;
  for (const [table, column] of places) {
    const sql = `delete from ${table} where (shop_id, ${column}) in (select * from unnest(?::uuid[], ?::uuid[]))`;
    await query(em, sql, rows);
  }
  return found.length;
}
