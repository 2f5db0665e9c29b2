import { ACCESS_REFUSALS, LocationService } from '../../../src/features/access/index.js';
import { AlertDriftFinder, AlertUpkeep, AlertWatchService, type AlertEvent } from '../../../src/features/alerts/index.js';
import { StockItemService } from '../../../src/features/catalog/index.js';
import {
  LevelGuardRepository,
  MovementService,
  ReorderRuleService,
  STOCK_REFUSALS,
  type StockAct,
} from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import type { DomainEvent } from '../../../src/platform/outbox/job.js';
import { UnitOfWork, type CommitHook } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';

type MoveKind = Extract<StockAct, { type: 'MOVE' }>['kind'];

export interface AlertRow {
  readonly id: string;
  readonly kind: string;
  readonly isOpen: boolean;
}

/** A shop whose stock is watched, and what is told of it. */
export class AlertBench {
  readonly movements: MovementService;
  readonly unwatched: MovementService;
  readonly rules: ReorderRuleService;
  readonly items: StockItemService;
  readonly locations: LocationService;
  readonly upkeep: AlertUpkeep;
  /** How far ahead the upkeep's clock is. */
  aheadMs = 0;
  /** Does what the program did before it knew alerts. */
  readonly unwatchedItems: StockItemService;
  private told: AlertEvent[] = [];
  private next = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly shop: ShopFixture,
  ) {
    const hook: CommitHook = {
      ready: () => Promise.resolve(),
      stampsOf: () => [],
      notesOf: () => [],
      announce: () => Promise.resolve(),
      jobsOf: (event) => {
        if (isOfAnAlert(event)) this.told.push(event);
        return [];
      },
      wake: () => undefined,
    };
    const work = new UnitOfWork(database.orm.em, { ...ACCESS_REFUSALS, ...STOCK_REFUSALS }, hook);
    const levels = new LevelGuardRepository();
    const watch = new AlertWatchService(levels);
    this.movements = new MovementService(work, systemClock, watch);
    this.unwatched = new MovementService(work, systemClock);
    this.rules = new ReorderRuleService(work, systemClock, watch);
    const ahead = { now: () => new Date(systemClock.now().getTime() + this.aheadMs) };
    this.upkeep = new AlertUpkeep(new AlertDriftFinder(database.orm.em), work, ahead, levels);
    this.unwatchedItems = new StockItemService(work, systemClock);
    this.items = new StockItemService(work, systemClock, watch);
    this.locations = new LocationService(work, systemClock, levels, watch);
  }

  static async open(counts: Parameters<typeof createShop>[1] = {}): Promise<AlertBench> {
    const database = await createTestDatabase();
    return new AlertBench(database, await createShop(database.orm.em, counts));
  }

  /** Row id of an item that no test has used. */
  freshItem(): string {
    const item = this.shop.items[this.next++];
    if (!item) throw new Error('The fixture has too few items.');
    return item.id;
  }

  get at(): string {
    const [location] = this.shop.locations;
    if (!location) throw new Error('The fixture has no location.');
    return location.id;
  }

  act(kind: MoveKind, itemId: string, amount: number): StockAct {
    const key = { scope: 'STOCK', key: newId() } as const;
    return { type: 'MOVE', kind, key, item: { id: itemId }, location: { id: this.at }, quantity: quantity(amount) };
  }

  async post(kind: MoveKind, itemId: string, amount: number): Promise<void> {
    const { refusal } = await this.movements.postOne(this.shop.actor, this.act(kind, itemId, amount));
    if (refusal) throw refusal;
  }

  setRule(itemId: string, point: number, amount = 10) {
    const rule = { reorderPoint: quantity(point), reorderQuantity: quantity(amount) };
    return this.rules.set(this.shop.actor, this.placeOf(itemId), rule);
  }

  placeOf(itemId: string) {
    return { stockItem: { id: itemId }, location: { id: this.at } };
  }

  /** What was told since the last time it was asked, as `opened LOW_STOCK`. */
  heard(): string[] {
    const told = this.told.map(({ type, kind }) => `${type.replace('alert.', '')} ${kind}`);
    this.told = [];
    return told;
  }

  heardEvents(): AlertEvent[] {
    const told = this.told;
    this.told = [];
    return told;
  }

  /** Alerts of an item's level, the first that was opened first. */
  alertsOf(itemId: string): Promise<AlertRow[]> {
    return this.database.orm.em.fork().execute<AlertRow[]>(
      `select a.id, a.kind, a.resolved_at is null as "isOpen" from stock_alert a
       join stock_level l on l.shop_id = a.shop_id and l.id = a.level_id
       where l.stock_item_id = ? order by a.id`,
      [itemId],
    );
  }

  /** Kinds that are open of an item's level. */
  async openOf(itemId: string): Promise<string[]> {
    return (await this.alertsOf(itemId)).filter(({ isOpen }) => isOpen).map(({ kind }) => kind);
  }
}

function isOfAnAlert(event: DomainEvent): event is AlertEvent {
  return event.type.startsWith('alert.');
}
