import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';

/**
 * The category and all beneath it, as an array for `= any(?::uuid[])`; undefined where no category is asked for. It is looked up before
 * the list that it narrows: the planner knows how many items these categories have, but nothing of a tree's inside.
 */
export async function findCategoryTree(
  em: EntityManager,
  shopId: string,
  categoryId: string | null | undefined,
): Promise<string | undefined> {
  if (categoryId === null || categoryId === undefined) return undefined;
  const rows = await query<{ id: string }>(
    em,
    `with recursive tree(id) as (
       select id from category where shop_id = ? and id = ?
       union
       select child.id from category child join tree on child.parent_id = tree.id where child.shop_id = ?
     )
     select id from tree`,
    [shopId, categoryId, shopId],
  );
  return arrayLiteral(rows.map(({ id }) => id));
}
