import type { EntityManager } from '@mikro-orm/postgresql';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import type { Place } from './place.js';
import { StockLevel } from './stock-level.entity.js';

/** Levels at these places that exist, in no order and not locked. */
export async function findLevelsAt(em: EntityManager, shopId: string, places: readonly Place[]): Promise<StockLevel[]> {
  if (places.length === 0) return [];
  return selectRows(em, StockLevel, [
    `select * from stock_level where shop_id = ?
     and (stock_item_id, location_id) in (select * from unnest(?::uuid[], ?::uuid[]))`,
    ...[shopId, arrayLiteral(places.map((place) => place.stockItemId)), arrayLiteral(places.map((place) => place.locationId))],
  ]);
}
