import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';
import { soughtCode } from '../access/index.js';
import { Barcode } from './barcode.entity.js';
import { normalizeBarcode } from './barcode-value.js';
import type { ItemRef } from './item-ref.js';
import { StockItem } from './stock-item.entity.js';

export class StockItemRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<StockItem>): StockItem {
    const item = this.em.create(StockItem, data);
    this.em.persist(item);
    return item;
  }

  /** Locked until the transaction ends against other changes of the item; movements of it do not wait. */
  async findForUpdate(shopId: string, id: string): Promise<StockItem | undefined> {
    await query(this.em, 'select 1 from stock_item where shop_id = ? and id = ? for no key update', [shopId, id]);
    return (await this.em.findOne(StockItem, { shopId, id }, { refresh: true })) ?? undefined;
  }

  /** One answer for each ref, in their order; undefined where the shop has no such item. At most one statement for each way of naming. */
  async findByRefs(shopId: string, refs: readonly ItemRef[]): Promise<(StockItem | undefined)[]> {
    const ids = refs.flatMap((ref) => ('id' in ref && ref.id !== undefined ? [ref.id] : []));
    const skus = refs.flatMap((ref) => ('sku' in ref ? (soughtCode(ref.sku) ?? []) : []));
    const codes = refs.flatMap((ref) => ('barcode' in ref ? [normalizeBarcode(ref.barcode)] : []));
    const barcodes =
      codes.length > 0 ? await this.em.find(Barcode, { shopId, normalized: { $in: codes } }, { populate: ['stockItem'] }) : [];
    const byId = new Map(
      ids.length > 0 ? (await this.em.find(StockItem, { shopId, id: { $in: ids } })).map((item) => [item.id, item]) : [],
    );
    const bySku = new Map(
      skus.length > 0 ? (await this.em.find(StockItem, { shopId, sku: { $in: skus } })).map((item) => [item.sku, item]) : [],
    );
    const byCode = new Map(barcodes.map((barcode) => [barcode.normalized, barcode.stockItem]));
    return refs.map((ref) => {
      if ('id' in ref) return ref.id === undefined ? undefined : byId.get(ref.id);
      return 'sku' in ref ? bySku.get(soughtCode(ref.sku) ?? '') : byCode.get(normalizeBarcode(ref.barcode));
    });
  }
}
