import type { EntityManager } from '@mikro-orm/postgresql';
import type { Quantity } from '../../kernel/quantity.js';
import {
  buildConnection,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type PageArgs,
} from '../../platform/paging.js';
import { keysetStatement } from '../../platform/keyset-statement.js';
import { selectRows } from '../../platform/read-rows.js';
import { countRows } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { findCategoryTree } from './category-tree.reader.js';
import { StockLevel } from './stock-level.entity.js';

/**
 * Row ids. category: of the items, it and everything beneath it. low: at or below the reorder point, which a level without a rule is not.
 * inUse: neither the item nor the location is archived.
 */
export interface StockLevelCriteria {
  readonly stockItem?: string | null | undefined;
  readonly location?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly low?: boolean | null | undefined;
  readonly negative?: boolean | null | undefined;
  readonly inUse?: boolean | undefined;
}

/** A level that has a rule. */
export type LowLevel = StockLevel & { readonly reorderPoint: Quantity; readonly reorderQuantity: Quantity };

const ORDER: KeysetOrder = { name: 'stockLevels', kinds: ['id'] };
const SUGGESTIONS: KeysetOrder = { name: 'reorderSuggestions', kinds: ['id'] };

const OF_CATEGORIES = `exists (
  select 1 from stock_item i where i.shop_id = l.shop_id and i.id = l.stock_item_id and i.category_id = any(?::uuid[]))`;
// The first half is what the index of rules goes by.
const IS_LOW = 'l.reorder_point is not null and l.on_hand <= l.reorder_point';
const IS_IN_USE = `exists (select 1 from stock_item i where i.shop_id = l.shop_id and i.id = l.stock_item_id and i.archived_at is null)
  and exists (select 1 from location p where p.shop_id = l.shop_id and p.id = l.location_id and p.archived_at is null)`;

/** Levels of the shop, in the order in which they came to be. */
export class LevelListReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  page(criteria: StockLevelCriteria, args: PageArgs): Promise<Connection<StockLevel>> {
    return this.list(criteria, args, ORDER);
  }

  /** What is to be bought, the level that came to be first first. */
  async suggestions(criteria: Pick<StockLevelCriteria, 'location' | 'category'>, args: PageArgs): Promise<Connection<LowLevel>> {
    // A level without a rule is not low.
    return (await this.list({ ...criteria, low: true, inUse: true }, args, SUGGESTIONS)) as Connection<LowLevel>;
  }

  private async list(criteria: StockLevelCriteria, args: PageArgs, order: KeysetOrder): Promise<Connection<StockLevel>> {
    const page = parsePage(args, order);
    const where = await this.where(criteria);
    if (page.after) where.add('l.id > ?::uuid', ...page.after);
    const isNarrowed = [criteria.category, criteria.stockItem, criteria.low, criteria.negative].some(Boolean);
    const list = { table: 'stock_level', alias: 'l', shopId: this.shopId, columns: 'l.id' };
    const { sql, parameters } = keysetStatement({ ...list, where, rows: page.size + 1, isNarrowed });
    const levels = await selectRows(this.em, StockLevel, [sql, ...parameters]);
    return buildConnection(
      levels,
      page,
      (level) => encodeCursor(order, [level.id]),
      () => this.count(criteria),
    );
  }

  private async count(criteria: StockLevelCriteria): Promise<number> {
    return countRows(this.em, 'stock_level l', await this.where(criteria));
  }

  private async where({ stockItem, location, category, low, negative, inUse }: StockLevelCriteria): Promise<Where> {
    const where = new Where().add('l.shop_id = ?', this.shopId);
    if (low !== null && low !== undefined) where.add(low ? IS_LOW : `not (${IS_LOW})`);
    if (negative !== null && negative !== undefined) where.add(negative ? 'l.on_hand < 0' : 'l.on_hand >= 0');
    if (inUse) where.add(IS_IN_USE);
    return where
      .addIf(stockItem, 'l.stock_item_id = ?')
      .addIf(location, 'l.location_id = ?')
      .addIf(await findCategoryTree(this.em, this.shopId, category), OF_CATEGORIES);
  }
}
