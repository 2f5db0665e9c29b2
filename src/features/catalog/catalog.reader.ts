import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { inOrder, isStorable, normalizeCode } from '../access/index.js';
import { normalizeBarcode } from './barcode-value.js';
import { Barcode } from './barcode.entity.js';
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

  private readonly itemById = new DataLoader<string, StockItem | undefined>(async (ids) => {
    const found = await this.em.find(StockItem, { shopId: this.shopId, id: { $in: [...ids] } }, UNWATCHED);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly itemByNormalizedSku = new DataLoader<string, StockItem | undefined>(async (skus) => {
    const found = await this.em.find(StockItem, { shopId: this.shopId, sku: { $in: [...skus] } }, UNWATCHED);
    return inOrder(skus, found, ({ sku }) => sku);
  });
  private readonly barcodeByNormalized = new DataLoader<string, Barcode | undefined>(async (codes) => {
    const where = { shopId: this.shopId, normalized: { $in: [...codes] } };
    const found = await this.em.find(Barcode, where, { ...UNWATCHED, populate: ['stockItem'] });
    return inOrder(codes, found, ({ normalized }) => normalized);
  });
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
  ) {
    this.categories = new CategoryReader(em, shopId);
    this.itemsOfCategory = new CategoryItemsReader(em, shopId);
  }

  /** By row id, archived ones too. */
  item(id: string): Promise<StockItem | undefined> {
    return this.itemById.load(id);
  }

  /** However it is named, archived ones too. */
  async itemByRef(ref: ItemRef): Promise<StockItem | undefined> {
    if ('id' in ref) return ref.id === undefined ? undefined : this.itemById.load(ref.id);
    if ('sku' in ref) return isStorable(ref.sku) ? this.itemByNormalizedSku.load(normalizeCode(ref.sku)) : undefined;
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

  /** The default one first, each with its item. */
  barcodesOf(item: StockItem): Promise<Barcode[]> {
    return this.barcodesByItem.load(item.id);
  }
}
