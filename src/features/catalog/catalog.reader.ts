import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { UNCACHED, type CacheSession } from '../../platform/cache/cache-session.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { inOrder, soughtCode } from '../access/index.js';
import { normalizeBarcode } from './barcode-value.js';
import { Barcode } from './barcode.entity.js';
import { BARCODES, ITEMS, SKUS, type InShop } from './catalog.region.js';
import { CategoryItemsReader } from './category-items.reader.js';
import type { Category } from './category.entity.js';
import { CategoryReader } from './category.reader.js';
import type { ItemRef } from './item-ref.js';
import { StockItem } from './stock-item.entity.js';

/** What is only read need not be watched for changes. */
const UNWATCHED = { disableIdentityMap: true } as const;

/** What a request reads of its shop's catalogue. One for each request: what it has loaded it does not load again. */
export class CatalogReader {
  readonly categories: CategoryReader;
  readonly itemsOfCategory: CategoryItemsReader;

  private readonly itemById = new DataLoader<string, StockItem | undefined>((ids) =>
    this.cache.getMany(ITEMS, this.inShop(ids), async (missing) => {
      const wanted = textsOf(missing);
      const byIds = 'select * from stock_item where shop_id = ? and id = any(?::uuid[])';
      const found = await selectRows(this.em, StockItem, [byIds, this.shopId, arrayLiteral(wanted)]);
      return inOrder(wanted, found, ({ id }) => id);
    }),
  );
  private readonly itemByNormalizedSku = new DataLoader<string, StockItem | undefined>((skus) =>
    this.cache.getMany(SKUS, this.inShop(skus), async (missing) => {
      const wanted = textsOf(missing);
      const bySkus = 'select * from stock_item where shop_id = ? and sku = any(?::text[])';
      const found = await selectRows(this.em, StockItem, [bySkus, this.shopId, arrayLiteral(wanted)]);
      return inOrder(wanted, found, ({ sku }) => sku);
    }),
  );
  private readonly barcodeByNormalized = new DataLoader<string, Barcode | undefined>((codes) =>
    this.cache.getMany(BARCODES, this.inShop(codes), async (missing) => {
      const wanted = textsOf(missing);
      const where = { shopId: this.shopId, normalized: { $in: wanted } };
      const found = await this.em.find(Barcode, where, { ...UNWATCHED, populate: ['stockItem'] });
      return inOrder(wanted, found, ({ normalized }) => normalized);
    }),
  );
  private readonly barcodesByItem = new DataLoader<string, Barcode[]>(async (itemIds) => {
    const where = { shopId: this.shopId, stockItem: { id: { $in: [...itemIds] } } };
    const orderBy = [{ isDefault: 'desc' }, { normalized: 'asc' }] as const;
    const found = await this.em.find(Barcode, where, { ...UNWATCHED, populate: ['stockItem'], orderBy: [...orderBy] });
    const groups = Object.groupBy(found, ({ stockItem }) => stockItem.id);
    return itemIds.map((id) => groups[id] ?? []);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
    private readonly cache: CacheSession = UNCACHED,
  ) {
    this.categories = new CategoryReader(em, shopId, cache);
    this.itemsOfCategory = new CategoryItemsReader(em, shopId);
  }

  /** By row id, archived ones too. */
  item(id: string): Promise<StockItem | undefined> {
    return this.itemById.load(id);
  }

  /** However it is named, archived ones too. */
  async itemByRef(ref: ItemRef): Promise<StockItem | undefined> {
    if ('id' in ref) return ref.id === undefined ? undefined : this.itemById.load(ref.id);
    if ('sku' in ref) {
      const sought = soughtCode(ref.sku);
      return sought === undefined ? undefined : this.itemByNormalizedSku.load(sought);
    }
    return (await this.barcode(ref.barcode))?.stockItem;
  }

  category(id: string): Promise<Category | undefined> {
    return this.categories.byId(id);
  }

  /** By the code as it was typed or scanned; the barcode comes with its item. */
  async barcode(code: string): Promise<Barcode | undefined> {
    const normalized = normalizeBarcode(code);
    return normalized === '' ? undefined : this.barcodeByNormalized.load(normalized);
  }

  /** By the value that it is stored under, as it stands; the barcode comes with its item. */
  storedBarcode(normalized: string): Promise<Barcode | undefined> {
    return this.barcodeByNormalized.load(normalized);
  }

  /** The default one first, each with its item. */
  barcodesOf(item: StockItem): Promise<Barcode[]> {
    return this.barcodesByItem.load(item.id);
  }

  private inShop(texts: readonly string[]): InShop[] {
    return texts.map((text) => ({ shopId: this.shopId, text }));
  }
}

function textsOf(keys: readonly InShop[]): string[] {
  return keys.map(({ text }) => text);
}
