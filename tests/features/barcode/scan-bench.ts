import { scanReaders } from '../../../src/app/scan-readers.js';
import type { Actor, ScanMode } from '../../../src/features/access/index.js';
import { Barcode, CATALOG_REFUSALS, StockItem, StockItemService } from '../../../src/features/catalog/index.js';
import { BARCODE_REFUSALS, ParkedScanService, ScanJudge, ScanService } from '../../../src/features/barcode/index.js';
import type { ScanRequest } from '../../../src/features/barcode/scan.js';
import type { ScanVerdict } from '../../../src/features/barcode/scan-verdict.js';
import { MovementService, STOCK_REFUSALS } from '../../../src/features/stock/index.js';
import { normalizeBarcodeValue } from '../../../src/kernel/barcode-value.js';
import { checkDigit } from '../../../src/kernel/gtin.js';
import { newId } from '../../../src/kernel/ids.js';
import { formatQuantity, quantity } from '../../../src/kernel/quantity.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import type { TestDatabase } from '../../support/database.js';

export const NOW = new Date('2026-11-22T12:00:00.000Z');

export interface ItemOptions {
  readonly name?: string;
  readonly unit?: string;
  readonly salePrice?: string;
  /** Codes, and how many base units one scan of each is. */
  readonly codes?: Readonly<Record<string, string>>;
  readonly onHand?: string;
}

/** A shop of two locations with a scanner at the first one; its clock stands at NOW. */
export class ScanBench {
  readonly work: UnitOfWork;
  readonly movements: MovementService;
  readonly scans: ScanService;
  readonly items: StockItemService;
  readonly parked: ParkedScanService;
  private made = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly shop: ShopFixture,
  ) {
    const clock = { now: () => NOW };
    this.work = new UnitOfWork(database.orm.em, { ...STOCK_REFUSALS, ...CATALOG_REFUSALS, ...BARCODE_REFUSALS });
    this.movements = new MovementService(this.work, clock);
    const judge = new ScanJudge(this.work, clock, this.movements, scanReaders(database.orm.em));
    this.scans = new ScanService(clock, judge);
    this.items = new StockItemService(this.work, clock);
    this.parked = new ParkedScanService(this.work, clock, judge, this.items);
  }

  static async create(database: TestDatabase, locations = 2): Promise<ScanBench> {
    return new ScanBench(database, await createShop(database.orm.em, { locations }));
  }

  get location() {
    const [first] = this.shop.locations;
    if (!first) throw new Error('The shop has no location.');
    return first;
  }

  /** A scanner bound to the first location and to a mode. */
  scanner(mode?: ScanMode, more: Partial<Actor> = {}): Actor {
    return { ...this.shop.actor, locationId: this.location.id, mode, ...more };
  }

  /** An EAN-13 that nobody has used yet. */
  ean(): string {
    this.made += 1;
    return eanOf(`600${String(this.made).padStart(9, '0')}`);
  }

  async item({ name = 'Maize meal 10 kg', unit = 'each', salePrice, codes = {}, onHand }: ItemOptions): Promise<StockItem> {
    const em = this.database.orm.em.fork();
    const stamps = { createdAt: NOW, updatedAt: NOW };
    const id = newId();
    const shopId = this.shop.shop.id;
    const price = salePrice === undefined ? null : quantity(salePrice);
    const item = em.create(StockItem, {
      shopId,
      id,
      sku: id.toUpperCase(),
      name,
      unit,
      salePrice: price,
      searchText: name,
      ...stamps,
    });
    em.persist(item);
    for (const [value, content] of Object.entries(codes)) {
      const normalized = normalizeBarcodeValue(value);
      if (!normalized.ok) throw new Error(normalized.message);
      em.persist(
        em.create(Barcode, {
          shopId,
          stockItem: item,
          value,
          normalized: normalized.value,
          quantity: quantity(content),
          isDefault: false,
        }),
      );
    }
    await em.flush();
    if (onHand !== undefined) {
      const key = { scope: 'STOCK', key: newId() } as const;
      const location = { id: this.location.id };
      await this.movements.postOne(this.shop.actor, {
        type: 'MOVE',
        kind: 'RECEIPT',
        key,
        item: { id },
        location,
        quantity: quantity(onHand),
      });
    }
    return item;
  }

  scan(code: string, more: Partial<ScanRequest> = {}, actor = this.scanner('SALE')): Promise<ScanVerdict> {
    return this.scans.scan(actor, { id: newId(), code, ...more });
  }

  async onHand(item: StockItem): Promise<string> {
    const [row] = await this.rows<{ on_hand: string }>(
      'select on_hand from stock_level where stock_item_id = ? and location_id = ?',
      [item.id, this.location.id],
    );
    return formatQuantity(quantity(row?.on_hand ?? 0));
  }

  async countRows(table: 'parked_scan' | 'stock_movement' | 'idempotency_key' | 'outbox_job', where = 'true'): Promise<number> {
    const [row] = await this.rows<{ count: number }>(
      `select count(*)::int as count from ${table} where shop_id = ? and ${where}`,
      [this.shop.shop.id],
    );
    return row?.count ?? 0;
  }

  rows<Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.database.orm.em.fork().execute<Row[]>(sql, parameters);
  }
}

/** Twelve digits with their check digit. */
export function eanOf(body: string): string {
  return body + checkDigit(body);
}

/** What a verdict comes down to, in one line. */
export function brief({ outcome, movement, level, refusals }: ScanVerdict): string {
  const moved = movement ? ` ${movement.kind} ${formatQuantity(movement.quantity)}` : '';
  const refused = refusals.map(({ code, path }) => ` ${code} ${path.join('.')}`).join('');
  return outcome + moved + refused + (level ? ` (${formatQuantity(level.onHand)})` : '');
}
