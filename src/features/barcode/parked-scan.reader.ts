import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import {
  buildConnection,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type PageArgs,
} from '../../platform/paging.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { ParkedScan } from './parked-scan.entity.js';
import type { ProductSuggestion } from './product-suggestion.js';

const ORDER: KeysetOrder = { name: 'parkedScans', kinds: ['id'] };

/** What a request reads of its shop's parked scans. */
export class ParkedScanReader {
  private readonly scanById = new DataLoader<string, ParkedScan | undefined>(async (ids) => {
    const found = await this.em.find(ParkedScan, { shopId: this.shopId, id: { $in: [...ids] } }, { disableIdentityMap: true });
    return inOrder(ids, found, ({ id }) => id);
  });

  private readonly suggestionByCode = new DataLoader<string, ProductSuggestion | undefined>(async (codes) => {
    const rows = await query<ProductSuggestion & { gtin: string }>(
      this.em,
      `select gtin, name, brand, image_url as "imageUrl", source from product_lookup
       where shop_id = ? and gtin = any(?::text[]) and name is not null`,
      [this.shopId, arrayLiteral(codes)],
    );
    return inOrder(codes, rows, ({ gtin }) => gtin);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Those that wait for a name, the first that came first. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
  async waiting(args: PageArgs): Promise<Connection<ParkedScan>> {
    const page = parsePage(args, ORDER);
    const open = new Where().add('p.shop_id = ?', this.shopId).add('p.resolved_at is null');
    const count = { sql: `select count(*)::int as count from parked_scan p where ${open.sql}`, parameters: [...open.parameters] };
    if (page.after) open.add('p.id > ?::uuid', ...page.after);
    const sql = `select p.* from parked_scan p where ${open.sql} order by p.id limit ?`;
    const rows = await query(this.em, sql, [...open.parameters, page.size + 1]);
    return buildConnection(
      rows.map((row) => this.em.map(ParkedScan, row)),
      page,
      ({ id }) => encodeCursor(ORDER, [id]),
      async () => (await query<{ count: number }>(this.em, count.sql, count.parameters))[0]?.count ?? 0,
    );
  }

  /** What others know of a stored code; nothing while nobody was asked, and where nobody knows it. */
  suggestion(code: string): Promise<ProductSuggestion | undefined> {
    return this.suggestionByCode.load(code);
  }

  /** By row id, also one that was resolved. */
  byId(id: string): Promise<ParkedScan | undefined> {
    return this.scanById.load(id);
  }
}
