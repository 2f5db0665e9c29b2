import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { sumQuantities, type Quantity } from '../../kernel/quantity.js';
import { UNCACHED, type CacheSession } from '../../platform/cache/cache-session.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { inOrder } from '../access/index.js';
import { ItemListReader } from './item-list.reader.js';
import { LevelListReader } from './level-list.reader.js';
import { MovementListReader } from './movement-list.reader.js';
import { findLevelsAt } from './levels-at.reader.js';
import { placeKey, placeKeyOf, type Place } from './place.js';
import { StockLevel } from './stock-level.entity.js';
import { StockMovement } from './stock-movement.entity.js';
import { StockReversal } from './stock-reversal.entity.js';
import { LEVELS } from './stock.region.js';

/** What a request reads of its shop's stock. One for each request: what it has loaded it does not load again. */
export class StockReader {
  readonly items: ItemListReader;
  readonly levels: LevelListReader;
  readonly movements: MovementListReader;

  private readonly byItem = new DataLoader<string, readonly StockLevel[]>(async (ids) => {
    const keys = ids.map((stockItemId) => ({ shopId: this.shopId, stockItemId }));
    const load = (missing: readonly { stockItemId: string }[]) =>
      this.loadLevelsOfItems(missing.map(({ stockItemId }) => stockItemId));
    return (await this.cache.getMany(LEVELS, keys, load)).map((levels) => levels ?? []);
  });
  private readonly byPlace = new DataLoader<Place, StockLevel | undefined, string>(
    async (places) => inOrder(places.map(placeKey), await findLevelsAt(this.em, this.shopId, places), placeKeyOf),
    { cacheKeyFn: placeKey },
  );
  private readonly levelById = new DataLoader<string, StockLevel | undefined>(async (ids) => {
    const byIds = 'select * from stock_level where shop_id = ? and id = any(?::uuid[])';
    const levels = await selectRows(this.em, StockLevel, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, levels, ({ id }) => id);
  });
  private readonly movementById = new DataLoader<string, StockMovement | undefined>(async (ids) => {
    const byIds = 'select * from stock_movement where shop_id = ? and id = any(?::uuid[])';
    const movements = await selectRows(this.em, StockMovement, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, movements, ({ id }) => id);
  });
  private readonly reversalOf = new DataLoader<string, StockReversal | undefined>(async (ids) => {
    const reversals = await this.em.find(StockReversal, { shopId: this.shopId, movementId: { $in: [...ids] } });
    return inOrder(ids, reversals, ({ movementId }) => movementId);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
    private readonly cache: CacheSession = UNCACHED,
  ) {
    this.items = new ItemListReader(em, shopId);
    this.levels = new LevelListReader(em, shopId);
    this.movements = new MovementListReader(em, shopId);
  }

  level(id: string): Promise<StockLevel | undefined> {
    return this.levelById.load(id);
  }

  movement(id: string): Promise<StockMovement | undefined> {
    return this.movementById.load(id);
  }

  async levelAt(place: Place): Promise<StockLevel | undefined> {
    if (!this.cache.isCaching('levels')) return this.byPlace.load(place);
    const levels = await this.byItem.load(place.stockItemId);
    return levels.find(({ location }) => location.id === place.locationId);
  }

  /** Levels of an item, by location. */
  levelsOf(itemId: string): Promise<readonly StockLevel[]> {
    return this.byItem.load(itemId);
  }

  /** Sum over the shop's locations. */
  async onHandOf(itemId: string): Promise<Quantity> {
    const levels = await this.byItem.load(itemId);
    return sumQuantities(levels.map(({ onHand }) => onHand));
  }

  async reversalOfMovement(movementId: string): Promise<StockMovement | undefined> {
    const reversal = await this.reversalOf.load(movementId);
    return reversal && this.movementById.load(reversal.reversal.id);
  }

  private async loadLevelsOfItems(itemIds: readonly string[]): Promise<StockLevel[][]> {
    const ofItems = 'select * from stock_level where shop_id = ? and stock_item_id = any(?::uuid[]) order by location_id';
    const levels = await selectRows(this.em, StockLevel, [ofItems, this.shopId, arrayLiteral(itemIds)]);
    const groups = Object.groupBy(levels, ({ stockItem }) => stockItem.id);
    return itemIds.map((id) => groups[id] ?? []);
  }
}
