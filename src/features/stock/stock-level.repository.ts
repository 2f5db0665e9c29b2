import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import { StockLevel } from './stock-level.entity.js';

/** Row ids of the item and of the location that a level belongs to. */
export interface Place {
  readonly stockItemId: string;
  readonly locationId: string;
}

export function placeKey(place: Place): string {
  return `${place.stockItemId}/${place.locationId}`;
}

export type LevelsByPlace = ReadonlyMap<string, StockLevel>;

const IN_PLACES = '(stock_item_id, location_id) in (select * from unnest(?::uuid[], ?::uuid[]))';

export class StockLevelRepository {
  constructor(private readonly em: EntityManager) {}

  /**
   * Levels of these places that exist, locked until the transaction ends, by placeKey. All writers lock in the order of the places'
   * ids, so that none waits for another in a circle.
   */
  async lock(shopId: string, places: readonly Place[]): Promise<LevelsByPlace> {
    const rows = await query(
      this.em,
      `select * from stock_level where shop_id = ? and ${IN_PLACES} order by stock_item_id, location_id for update`,
      [shopId, ...placeArrays(places)],
    );
    return byPlace(rows.map((row) => this.em.map(StockLevel, row)));
  }

  /**
   * Adds levels at zero where there are none. To be called before any lock is taken, in the same order as `lock`: two writers that add
   * the same levels then wait for each other in one direction only.
   */
  async createMissing(shopId: string, places: readonly Place[], floor: string | null): Promise<void> {
    const [items, locations] = placeArrays(places);
    await query(
      this.em,
      `insert into stock_level (shop_id, id, stock_item_id, location_id, on_hand, floor, version, updated_at)
       select ?, place.id, place.item, place.location, 0, least(0, ?::numeric), 0, now()
       from unnest(?::uuid[], ?::uuid[], ?::uuid[]) as place(id, item, location)
       order by place.item, place.location
       on conflict (shop_id, stock_item_id, location_id) do nothing`,
      [shopId, floor, arrayLiteral(places.map(() => newId())), items, locations],
    );
  }

  async findByIds(shopId: string, ids: readonly string[]): Promise<StockLevel[]> {
    return ids.length === 0 ? [] : this.em.find(StockLevel, { shopId, id: { $in: [...ids] } });
  }
}

function placeArrays(places: readonly Place[]): [string, string] {
  return [arrayLiteral(places.map((place) => place.stockItemId)), arrayLiteral(places.map((place) => place.locationId))];
}

function byPlace(levels: readonly StockLevel[]): LevelsByPlace {
  return new Map(levels.map((level) => [placeKey({ stockItemId: level.stockItem.id, locationId: level.location.id }), level]));
}
