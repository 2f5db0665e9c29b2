import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';

export interface TreeQuestion {
  readonly shopId: string;
  readonly id: string;
  readonly ancestorId: string;
}

/** Whether the node `id` is `ancestorId` or stands anywhere beneath it. The table has shop_id, id and parent_id. */
export async function standsWithin(
  em: EntityManager,
  table: 'location' | 'category',
  { shopId, id, ancestorId }: TreeQuestion,
): Promise<boolean> {
  const rows = await query(
    em,
    `with recursive up(id, parent_id) as (
       select id, parent_id from ${table} where shop_id = ? and id = ?
       union
       select node.id, node.parent_id from ${table} node join up on node.id = up.parent_id where node.shop_id = ?
     )
     select 1 from up where id = ?`,
    [shopId, id, shopId, ancestorId],
  );
  return rows.length > 0;
}
