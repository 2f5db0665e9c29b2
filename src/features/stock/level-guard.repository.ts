import type { EntityManager } from '@mikro-orm/postgresql';
import { formatQuantity, type Quantity } from '../../kernel/quantity.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import type { LevelGuard, ShopFloorPort } from '../access/index.js';

/** What the access room asks of the levels; see its ports. */
export class LevelGuardRepository implements LevelGuard, ShopFloorPort {
  async lockAndCountOccupied(em: EntityManager, shopId: string, locationId: string): Promise<number> {
    const rows = await query<{ occupied: boolean }>(
      em,
      `select on_hand <> 0 as occupied from stock_level where shop_id = ? and location_id = ?
       order by stock_item_id, location_id for update`,
      [shopId, locationId],
    );
    return rows.filter(({ occupied }) => occupied).length;
  }

  /**
   * Locks the item, against levels of it that another transaction is just about to add, and then all its levels, in everybody's order. The
   * caller holds no level's lock.
   */
  async lockOfItem(em: EntityManager, shopId: string, itemId: string): Promise<void> {
    await query(em, 'select 1 from stock_item where shop_id = ? and id = ? for update', [shopId, itemId]);
    await query(
      em,
      'select 1 from stock_level where shop_id = ? and stock_item_id = ? order by stock_item_id, location_id for update',
      [shopId, itemId],
    );
  }

  /** Locks these levels of the shop, by row id, in everybody's order. The caller holds no level's lock. */
  async lockByIds(em: EntityManager, shopId: string, ids: readonly string[]): Promise<void> {
    await query(
      em,
      'select 1 from stock_level where shop_id = ? and id = any(?::uuid[]) order by stock_item_id, location_id for update',
      [shopId, arrayLiteral(ids)],
    );
  }

  async applyFloor(em: EntityManager, shopId: string, floor: Quantity | null): Promise<void> {
    const lowest = floor && formatQuantity(floor);
    // Locked in everybody's order first: an update by itself takes the rows as it finds them.
    await query(em, 'select 1 from stock_level where shop_id = ? order by stock_item_id, location_id for update', [shopId]);
    await query(
      em,
      'update stock_level set floor = case when ?::numeric is not null then least(?::numeric, on_hand) end where shop_id = ?',
      [lowest, lowest, shopId],
    );
  }
}
