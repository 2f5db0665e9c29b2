import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import { ProductLookup } from './product-lookup.entity.js';

/** What is written of one look-up; the four of the product are all set or all null, brand and image apart. */
export type LearntProduct = Pick<
  ProductLookup,
  'name' | 'brand' | 'imageUrl' | 'source' | 'unknownTo' | 'lookedUpAt' | 'expiresAt'
>;

export class ProductLookupRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  async find(gtin: string): Promise<ProductLookup | undefined> {
    const [row] = await query(this.em, 'select * from product_lookup where shop_id = ? and gtin = ?', [this.shopId, gtin]);
    return row && this.em.map(ProductLookup, row);
  }

  /** Whether a scan waits and the code has no name yet. (One that was refused waits on when it has.) */
  async isWanted(gtin: string): Promise<boolean> {
    const rows = await query<{ is_wanted: boolean }>(
      this.em,
      `select exists (select 1 from parked_scan where shop_id = ? and normalized = ? and resolved_at is null)
         and not exists (select 1 from barcode where shop_id = ? and normalized = ?) as is_wanted`,
      [this.shopId, gtin, this.shopId, gtin],
    );
    return rows[0]?.is_wanted === true;
  }

  /** Of two that learn at once the later one's word stands, unless it has learnt nothing and the other has. */
  async save(gtin: string, learnt: LearntProduct): Promise<void> {
    const { name, brand, imageUrl, source, unknownTo, lookedUpAt, expiresAt } = learnt;
    await query(
      this.em,
      `insert into product_lookup (shop_id, gtin, name, brand, image_url, source, unknown_to, looked_up_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?::text[], ?, ?)
       on conflict (shop_id, gtin) do update set name = excluded.name, brand = excluded.brand, image_url = excluded.image_url,
         source = excluded.source, unknown_to = excluded.unknown_to, looked_up_at = excluded.looked_up_at, expires_at = excluded.expires_at
       where excluded.name is not null or product_lookup.name is null or product_lookup.expires_at <= excluded.looked_up_at`,
      [this.shopId, gtin, name, brand, imageUrl, source, arrayLiteral(unknownTo), lookedUpAt, expiresAt],
    );
  }
}
