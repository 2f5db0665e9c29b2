import type { EntityManager } from '@mikro-orm/postgresql';
import { Barcode } from './barcode.entity.js';
import { normalizeBarcode } from './barcode-value.js';
import { normalizeSku, type ItemRef } from './item-ref.js';
import { StockItem } from './stock-item.entity.js';

export class StockItemRepository {
  constructor(private readonly em: EntityManager) {}

  /** One answer for each ref, in their order; undefined where the shop has no such item. At most one statement for each way of naming. */
  async findByRefs(shopId: string, refs: readonly ItemRef[]): Promise<(StockItem | undefined)[]> {
    const ids = refs.flatMap((ref) => ('id' in ref && ref.id !== undefined ? [ref.id] : []));
    const skus = refs.flatMap((ref) => ('sku' in ref ? [normalizeSku(ref.sku)] : []));
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
      return 'sku' in ref ? bySku.get(normalizeSku(ref.sku)) : byCode.get(normalizeBarcode(ref.barcode));
    });
  }
}
