import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { sumQuantities, type Quantity } from '../../kernel/quantity.js';
import { inOrder } from '../access/index.js';
import { ItemListReader } from './item-list.reader.js';
import { LevelListReader } from './level-list.reader.js';
import { MovementListReader } from './movement-list.reader.js';
import { findLevelsAt } from './levels-at.reader.js';
import { placeKey, placeKeyOf, type Place } from './place.js';
import { StockLevel } from './stock-level.entity.js';
import { StockMovement } from './stock-movement.entity.js';
import { StockReversal } from './stock-reversal.entity.js';

/** What a request reads of its shop's stock. One for each request: what it has loaded it does not load again. */
export class StockReader {
  readonly items: ItemListReader;
  readonly levels: LevelListReader;
  readonly movements: MovementListReader;

  private readonly byItem = new DataLoader<string, StockLevel[]>((ids) => this.loadLevelsOfItems(ids));
  private readonly byPlace = new DataLoader<Place, StockLevel | undefined, string>(
    async (places) => inOrder(places.map(placeKey), await findLevelsAt(this.em, this.shopId, places), placeKeyOf),
    { cacheKeyFn: placeKey },
  );
  private readonly levelById = new DataLoader<string, StockLevel | undefined>(async (ids) => {
    const levels = await this.em.find(StockLevel, { shopId: this.shopId, id: { $in: [...ids] } });
    return inOrder(ids, levels, ({ id }) => id);
  });
  private readonly movementById = new DataLoader<string, StockMovement | undefined>(async (ids) => {
    const movements = await this.em.find(StockMovement, { shopId: this.shopId, id: { $in: [...ids] } });
    return inOrder(ids, movements, ({ id }) => id);
  });
  private readonly reversalOf = new DataLoader<string, StockReversal | undefined>(async (ids) => {
    const reversals = await this.em.find(StockReversal, { shopId: this.shopId, movementId: { $in: [...ids] } });
    return inOrder(ids, reversals, ({ movementId }) => movementId);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
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

  levelAt(place: Place): Promise<StockLevel | undefined> {
    return this.byPlace.load(place);
  }

  /** Levels of an item, by location. */
  levelsOf(itemId: string): Promise<StockLevel[]> {
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
    const where = { shopId: this.shopId, stockItem: { id: { $in: [...itemIds] } } };
    const levels = await this.em.find(StockLevel, where, { orderBy: { location: { id: 'asc' } } });
    const groups = Object.groupBy(levels, ({ stockItem }) => stockItem.id);
    return itemIds.map((id) => groups[id] ?? []);
  }
}
