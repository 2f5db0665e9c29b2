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
import { arrayLiteral, query } from '../../platform/sql.js';
import { readRows } from '../../platform/read-rows.js';
import { StockItem } from './stock-item.entity.js';

const ORDER: KeysetOrder = { name: 'category.stockItems', kinds: ['text'] };

/** Pages of the items in many categories: one statement for all categories that want the same page, one more for their counts. */
export class CategoryItemsReader {
  private readonly pages = pageLoader((categoryIds, page) => this.loadPages(categoryIds, page));
  private readonly counts = new DataLoader<string, number>((ids) => this.count(ids));

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Items of the category and everything beneath it that are not archived, by SKU. */
  async page(categoryId: string, args: PageArgs): Promise<Connection<StockItem>> {
    const page = parsePage(args, ORDER);
    const items = await this.pages(categoryId, page);
    return buildConnection(
      items,
      page,
      ({ sku }) => encodeCursor(ORDER, [sku]),
      () => this.counts.load(categoryId),
    );
  }

  private async loadPages(categoryIds: readonly string[], { size, after }: Page): Promise<Map<string, StockItem[]>> {
    const rows = await query<{ wanted_id: string }>(
      this.em,
      `${this.treeSql()}
       select wanted.id as wanted_id, item.*
       from unnest(?::uuid[]) as wanted(id)
       cross join lateral (
         select i.* from stock_item i
         where i.shop_id = ? and i.archived_at is null ${after ? 'and i.sku > ?' : ''}
           and i.category_id in (select tree.id from tree where tree.top = wanted.id)
         order by i.sku limit ?
       ) item
       order by item.sku`,
      [...this.treeParameters(categoryIds), arrayLiteral(categoryIds), this.shopId, ...(after ?? []), size + 1],
    );
    const items = new Map<string, StockItem[]>(categoryIds.map((id) => [id, []]));
    const read = readRows(this.em, StockItem, rows);
    for (const [index, { wanted_id: id }] of rows.entries()) items.get(id)?.push(...read.slice(index, index + 1));
    return items;
  }

  private async count(categoryIds: readonly string[]): Promise<number[]> {
    const rows = await query<{ top: string; count: number }>(
      this.em,
      `${this.treeSql()}
       select tree.top, count(*)::int as count from tree
       join stock_item i on i.shop_id = ? and i.category_id = tree.id
       where i.archived_at is null group by tree.top`,
      [...this.treeParameters(categoryIds), this.shopId],
    );
    const counts = new Map(rows.map(({ top, count }) => [top, count]));
    return categoryIds.map((id) => counts.get(id) ?? 0);
  }

  /** Each wanted category with everything beneath it. */
  private treeSql(): string {
    return `with recursive tree(top, id) as (
      select wanted.id, wanted.id from unnest(?::uuid[]) as wanted(id)
      union
      select tree.top, child.id from category child join tree on child.parent_id = tree.id where child.shop_id = ?
    )`;
  }

  private treeParameters(categoryIds: readonly string[]): string[] {
    return [arrayLiteral(categoryIds), this.shopId];
  }
}
