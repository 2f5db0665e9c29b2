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
import { findCategoryTree } from './category-tree.reader.js';
import { StockLevel } from './stock-level.entity.js';

/** Row ids. category: of the items, it and everything beneath it. */
export interface StockLevelCriteria {
  readonly stockItem?: string | null | undefined;
  readonly location?: string | null | undefined;
  readonly category?: string | null | undefined;
}

const ORDER: KeysetOrder = { name: 'stockLevels', kinds: ['id'] };

const OF_CATEGORIES = `exists (
  select 1 from stock_item i where i.shop_id = l.shop_id and i.id = l.stock_item_id and i.category_id = any(?::uuid[]))`;

/** Levels of the shop, in the order in which they came to be. */
export class LevelListReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  async page(criteria: StockLevelCriteria, args: PageArgs): Promise<Connection<StockLevel>> {
    const page = parsePage(args, ORDER);
    const where = await this.where(criteria);
    if (page.after) where.add('l.id > ?::uuid', ...page.after);
    const isNarrowed = [criteria.category, criteria.stockItem].some(Boolean);
    const list = { table: 'stock_level', alias: 'l', shopId: this.shopId, columns: 'l.id' };
    const { sql, parameters } = keysetStatement({ ...list, where, rows: page.size + 1, isNarrowed });
    const levels = await selectRows(this.em, StockLevel, [sql, ...parameters]);
    return buildConnection(
      levels,
      page,
      (level) => encodeCursor(ORDER, [level.id]),
      () => this.count(criteria),
    );
  }

  private async count(criteria: StockLevelCriteria): Promise<number> {
    return countRows(this.em, 'stock_level l', await this.where(criteria));
  }

  private async where({ stockItem, location, category }: StockLevelCriteria): Promise<Where> {
    const where = new Where().add('l.shop_id = ?', this.shopId);
    return where
      .addIf(stockItem, 'l.stock_item_id = ?')
      .addIf(location, 'l.location_id = ?')
      .addIf(await findCategoryTree(this.em, this.shopId, category), OF_CATEGORIES);
  }
}
