import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { quantity, type Quantity } from '../../kernel/quantity.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import { Location } from '../access/index.js';
import { placeKeyOf, type Place } from './place.js';
import { StockLevel } from './stock-level.entity.js';

export type LevelsByPlace = ReadonlyMap<string, StockLevel>;

/** floor: the shop's lowest on-hand, null for none. locations: those that exist, by row id, archived ones too. */
export interface LevelRules {
  readonly floor: Quantity | null;
  readonly locations: ReadonlyMap<string, Location>;
}

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
   * the same levels then wait for each other in one direction only. Answers with the row ids of those that it added.
   */
  async createMissing(shopId: string, places: readonly Place[]): Promise<ReadonlySet<string>> {
    const [items, locations] = placeArrays(places);
    const added = await query<{ id: string }>(
      this.em,
      `insert into stock_level (shop_id, id, stock_item_id, location_id, on_hand, floor, version, updated_at)
       select shop.id, place.id, place.item, place.location, 0, case when shop.stock_floor is not null then least(0, shop.stock_floor) end, 0, now()
       from shop, unnest(?::uuid[], ?::uuid[], ?::uuid[]) as place(id, item, location)
       where shop.id = ?
       order by place.item, place.location
       on conflict (shop_id, stock_item_id, location_id) do nothing returning id`,
      [arrayLiteral(places.map(() => newId())), items, locations, shopId],
    );
    return new Set(added.map(({ id }) => id));
  }

  /**
   * What the levels of these locations are bound by. To be read after the levels were locked: a location is archived, and the shop's floor
   * is changed, under the locks of the levels, so that this sees it.
   */
  async readRules(shopId: string, locationIds: readonly string[]): Promise<LevelRules> {
    const [shop] = await query<{ stock_floor: string | null; locations: object[] }>(
      this.em,
      `select shop.stock_floor::text, array(
         select to_jsonb(location) from location where location.shop_id = shop.id and location.id = any(?::uuid[])
       ) as locations
       from shop where shop.id = ?`,
      [arrayLiteral(locationIds), shopId],
    );
    const locations = (shop?.locations ?? []).map((row) => this.em.map(Location, row));
    const floor = shop?.stock_floor ?? null;
    return {
      floor: floor === null ? null : quantity(floor),
      locations: new Map(locations.map((location) => [location.id, location])),
    };
  }

  async findByIds(shopId: string, ids: readonly string[]): Promise<StockLevel[]> {
    return ids.length === 0 ? [] : this.em.find(StockLevel, { shopId, id: { $in: [...ids] } });
  }
}

function placeArrays(places: readonly Place[]): [string, string] {
  return [arrayLiteral(places.map((place) => place.stockItemId)), arrayLiteral(places.map((place) => place.locationId))];
}

function byPlace(levels: readonly StockLevel[]): LevelsByPlace {
  return new Map(levels.map((level) => [placeKeyOf(level), level]));
}
