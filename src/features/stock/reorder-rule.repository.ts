import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';

export class ReorderRuleRepository {
  constructor(private readonly em: EntityManager) {}

  /** Row ids of at most `limit` items in use in these categories, given as an array literal. */
  async findItemsIn(shopId: string, categoryIds: string, limit: number): Promise<string[]> {
    const rows = await query<{ id: string }>(
      this.em,
      `select id from stock_item where shop_id = ? and category_id = any(?::uuid[]) and archived_at is null order by id limit ?`,
      [shopId, categoryIds, limit],
    );
    return rows.map(({ id }) => id);
  }
}
