import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import {
  buildConnection,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type Page,
  type PageArgs,
} from '../../platform/paging.js';
import { pageLoader } from '../../platform/page-loader.js';
import { arrayLiteral, countRows, query } from '../../platform/sql.js';
import { selectRows } from '../../platform/read-rows.js';
import { Where } from '../../platform/where.js';
import type { MovementKind } from './movement-kind.js';
import { StockMovement } from './stock-movement.entity.js';

/** Row ids. from and to are instants of occurredAt, the first included, the last not. */
export interface StockMovementCriteria {
  readonly stockItem?: string | null | undefined;
  readonly location?: string | null | undefined;
  readonly kind?: MovementKind | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

const ORDER: KeysetOrder = { name: 'stockMovements', kinds: ['integer'] };

/** Lines of the ledger, the last written first. */
export class MovementListReader {
  /** Pages of the movements of many items: one statement for all that want the same page. */
  private readonly itemPages = pageLoader((itemIds, page) => this.loadItemPages(itemIds, page));
  private readonly itemCounts = new DataLoader<string, number>((itemIds) => this.countByItem(itemIds));

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  async page(criteria: StockMovementCriteria, args: PageArgs): Promise<Connection<StockMovement>> {
    const page = parsePage(args, ORDER);
    const where = this.where(criteria);
    if (page.after) where.add('m.seq < ?::bigint', ...page.after);
    const sql = `select m.* from stock_movement m where ${where.sql} order by m.seq desc limit ?`;
    const movements = await selectRows(this.em, StockMovement, [sql, ...where.parameters, page.size + 1]);
    return this.connection(movements, page, () => this.count(criteria));
  }

  async ofItem(itemId: string, args: PageArgs): Promise<Connection<StockMovement>> {
    const page = parsePage(args, ORDER);
    const movements = await this.itemPages(itemId, page);
    return this.connection(movements, page, () => this.itemCounts.load(itemId));
  }

  private connection(rows: readonly StockMovement[], page: Page, count: () => Promise<number>): Connection<StockMovement> {
    return buildConnection(rows, page, (movement) => encodeCursor(ORDER, [movement.seq]), count);
  }

  private async loadItemPages(itemIds: readonly string[], { size, after }: Page): Promise<Map<string, StockMovement[]>> {
    const movements = await selectRows(this.em, StockMovement, [
      `select m.* from unnest(?::uuid[]) as wanted(item)
       cross join lateral (
         select * from stock_movement m
         where m.shop_id = ? and m.stock_item_id = wanted.item ${after ? 'and m.seq < ?::bigint' : ''} order by m.seq desc limit ?
       ) m order by m.seq desc`,
      ...[arrayLiteral(itemIds), this.shopId, ...(after ?? []), size + 1],
    ]);
    return Map.groupBy(movements, ({ stockItem }) => stockItem.id);
  }

  private async countByItem(itemIds: readonly string[]): Promise<number[]> {
    const rows = await query<{ item: string; count: number }>(
      this.em,
      'select stock_item_id as item, count(*)::int as count from stock_movement where shop_id = ? and stock_item_id = any(?::uuid[]) group by 1',
      [this.shopId, arrayLiteral(itemIds)],
    );
    const counts = new Map(rows.map(({ item, count }) => [item, count]));
    return itemIds.map((id) => counts.get(id) ?? 0);
  }

  private count(criteria: StockMovementCriteria): Promise<number> {
    return countRows(this.em, 'stock_movement m', this.where(criteria));
  }

  private where({ stockItem, location, kind, from, to }: StockMovementCriteria): Where {
    return new Where()
      .add('m.shop_id = ?', this.shopId)
      .addIf(stockItem, 'm.stock_item_id = ?')
      .addIf(location, 'm.location_id = ?')
      .addIf(kind, 'm.kind = ?')
      .addIf(from, 'm.occurred_at >= ?')
      .addIf(to, 'm.occurred_at < ?');
  }
}
