import { Migration } from '@mikro-orm/migrations';

/**
 * Finds the levels that have a rule; whether they are low is then looked up. What is on hand stands in no index, neither as a column nor in a
 * condition, so that a movement changes a level's row without a word to any index (a heap-only update).
 */
export class Migration20261122000315_reorder_rules_index extends Migration {
  /** An index that is built concurrently cannot be built within a transaction. */
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const name of ['rule', 'point', 'quantity'])
      this.addSql(`alter table stock_level validate constraint stock_level_reorder_${name}_check;`);
    this.addSql(`alter table stock_level validate constraint stock_level_lead_time_check;`);
    // What an attempt that was cut off has left is no index.
    this.addSql(`drop index concurrently if exists stock_level_reorder_index;`);
    this.addSql(
      `create index concurrently stock_level_reorder_index on stock_level (shop_id, id) where reorder_point is not null;`,
    );
  }

  override down(): void {
    this.addSql(`drop index concurrently if exists stock_level_reorder_index;`);
  }
}
