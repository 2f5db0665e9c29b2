import type { EntityManager } from '@mikro-orm/postgresql';
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
import { StockItem } from '../catalog/index.js';
import { findCategoryTree } from './category-tree.reader.js';
import { addSearch } from './search.js';

export const STOCK_ITEM_SORTS = ['SKU', 'NAME', 'CREATED_AT'] as const;
export type StockItemSort = (typeof STOCK_ITEM_SORTS)[number];

/**
 * Row ids. category: it and everything beneath it. location: where the item has a level. low: at or below the reorder point of a level,
 * of that at the location where one is named. archived: null for both kinds.
 */
export interface StockItemCriteria {
  readonly search?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly location?: string | null | undefined;
  readonly low?: boolean | null | undefined;
  readonly archived?: boolean | null | undefined;
}

interface Sorting {
  readonly order: KeysetOrder;
  readonly columns: string;
  readonly keyset: string;
  readonly valuesOf: (item: StockItem) => string[];
}

const SORTINGS: Record<StockItemSort, Sorting> = {
  SKU: {
    order: { name: 'stockItems.sku', kinds: ['text'] },
    columns: 'i.sku',
    keyset: 'i.sku > ?',
    valuesOf: (item) => [item.sku],
  },
  NAME: {
    order: { name: 'stockItems.name', kinds: ['text', 'id'] },
    columns: 'i.name, i.id',
    keyset: '(i.name, i.id) > (?, ?::uuid)',
    valuesOf: (item) => [item.name, item.id],
  },
  CREATED_AT: {
    order: { name: 'stockItems.createdAt', kinds: ['instant', 'id'] },
    columns: 'i.created_at, i.id',
    keyset: '(i.created_at, i.id) > (?::timestamptz, ?::uuid)',
    valuesOf: (item) => [item.createdAt.toISOString(), item.id],
  },
};

const IN_CATEGORIES = 'i.category_id = any(?::uuid[])';
const AT_LOCATION = `exists (
  select 1 from stock_level l where l.shop_id = i.shop_id and l.stock_item_id = i.id and l.location_id = ?)`;
/** Left open, for what else the level must be. */
const IS_LOW = `exists (
  select 1 from stock_level l where l.shop_id = i.shop_id and l.stock_item_id = i.id
    and l.reorder_point is not null and l.on_hand <= l.reorder_point`;

/** What the trigram index may be asked through beneath row-level security: its migration says why. */
const SEARCHED = 'stock_item_searched';

/** Lists of items, whose filters ask for levels. */
export class ItemListReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** One statement for the page, one more for a category's tree; another only when totalCount is asked for. Refuses page sizes outside 1…100 and foreign cursors. */
  async page(criteria: StockItemCriteria, sort: StockItemSort, args: PageArgs): Promise<Connection<StockItem>> {
    const { order, columns, keyset, valuesOf } = SORTINGS[sort];
    const page = parsePage(args, order);
    const where = await this.where(criteria);
    if (page.after) where.add(keyset, ...page.after);
    const isNarrowed = [criteria.search, criteria.category, criteria.location, criteria.low, criteria.archived].some(Boolean);
    const list = { table: 'stock_item', searched: SEARCHED, alias: 'i', shopId: this.shopId, columns };
    const { sql, parameters } = keysetStatement({ ...list, where, rows: page.size + 1, isNarrowed });
    const items = await selectRows(this.em, StockItem, [sql, ...parameters]);
    return buildConnection(
      items,
      page,
      (item) => encodeCursor(order, valuesOf(item)),
      () => this.count(criteria),
    );
  }

  private async count(criteria: StockItemCriteria): Promise<number> {
    return countRows(this.em, `${SEARCHED} i`, await this.where(criteria));
  }

  private async where({ search, category, location, low, archived }: StockItemCriteria): Promise<Where> {
    const where = new Where().add('i.shop_id = ?', this.shopId);
    if (archived !== null && archived !== undefined) where.add(archived ? 'i.archived_at is not null' : 'i.archived_at is null');
    where.addIf(await findCategoryTree(this.em, this.shopId, category), IN_CATEGORIES).addIf(location, AT_LOCATION);
    if (low !== null && low !== undefined) addLow(where, low, location);
    if (search) addSearch(where, 'i.search_text', search);
    return where;
  }
}

/** Somewhere, or at the location where one is named. */
function addLow(where: Where, low: boolean, location: string | null | undefined): void {
  const not = low ? '' : 'not ';
  if (location === null || location === undefined) where.add(`${not}${IS_LOW})`);
  else where.add(`${not}${IS_LOW} and l.location_id = ?)`, location);
}
