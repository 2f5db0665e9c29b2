import type { EntityManager } from '@mikro-orm/postgresql';
import { Barcode } from './barcode.entity.js';
import type { CheckedBarcode } from './barcode-list.js';
import type { StockItem } from './stock-item.entity.js';

export class BarcodeRepository {
  constructor(private readonly em: EntityManager) {}

  findOfItem(item: StockItem): Promise<Barcode[]> {
    return this.em.find(Barcode, { shopId: item.shopId, stockItem: { id: item.id } });
  }

  /** Those of these codes that an item has, with the item, by code. */
  async findTaken(shopId: string, normalized: readonly string[]): Promise<Map<string, Barcode>> {
    if (normalized.length === 0) return new Map();
    const where = { shopId, normalized: { $in: [...normalized] } };
    const taken = await this.em.find(Barcode, where, { populate: ['stockItem'] });
    return new Map(taken.map((barcode) => [barcode.normalized, barcode]));
  }

  add(stockItem: StockItem, barcode: CheckedBarcode): Barcode {
    const added = this.em.create(Barcode, { ...barcode, shopId: stockItem.shopId, stockItem });
    this.em.persist(added);
    return added;
  }

  /** Makes the item's barcodes these; one that stays keeps its row. */
  replace(stockItem: StockItem, current: readonly Barcode[], wanted: readonly CheckedBarcode[]): void {
    const codes = new Set(wanted.map(({ normalized }) => normalized));
    for (const barcode of current) if (!codes.has(barcode.normalized)) this.em.remove(barcode);
    const kept = new Map(current.map((barcode) => [barcode.normalized, barcode]));
    for (const barcode of wanted) {
      const row = kept.get(barcode.normalized);
      if (row) Object.assign(row, { value: barcode.value, quantity: barcode.quantity, isDefault: barcode.isDefault });
      else this.add(stockItem, barcode);
    }
  }
}
