import { defineEntity, p } from '@mikro-orm/core';
import type { Quantity } from '../../kernel/quantity.js';
import { instantColumn, quantityColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import { Category } from './category.entity.js';

const StockItemSchema = defineEntity({
  name: 'StockItem',
  tableName: 'stock_item',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    sku: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    category: () =>
      p
        .manyToOne(Category)
        .joinColumns('shop_id', 'category_id')
        .ownColumns('category_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    unit: p.text(),
    salePrice: quantityColumn().nullable(),
    archivedAt: instantColumn().nullable(),
    /** Name, SKU and barcodes in lower case: what a search looks through, in one index. */
    searchText: p.text().hidden(),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  uniques: [{ name: 'stock_item_sku_unique', properties: ['shopId', 'sku'] }],
  indexes: [
    { name: 'stock_item_category_index', properties: ['shopId', 'category', 'sku'] },
    { name: 'stock_item_name_index', properties: ['shopId', 'name', 'id'] },
    { name: 'stock_item_created_at_index', properties: ['shopId', 'createdAt', 'id'] },
    {
      name: 'stock_item_search_index',
      expression: 'create index "stock_item_search_index" on "stock_item" using gin ("shop_id", "search_text" gin_trgm_ops)',
    },
  ],
  checks: [
    { name: 'stock_item_sku_check', expression: "sku <> '' and sku = upper(sku)" },
    { name: 'stock_item_name_check', expression: "name <> ''" },
    { name: 'stock_item_unit_check', expression: "unit <> ''" },
    { name: 'stock_item_sale_price_check', expression: 'sale_price >= 0' },
  ],
});

/** A thing the shop keeps in stock. */
export class StockItem extends StockItemSchema.class {
  declare category: Category | null;
  declare salePrice: Quantity | null;

  /** Archiving twice keeps the first time. */
  archive(now: Date): void {
    if (this.archivedAt) return;
    this.archivedAt = now;
    this.updatedAt = now;
  }

  /** To be called with all barcodes of the item whenever they, the name or the SKU change. */
  refreshSearchText(barcodeValues: readonly string[]): void {
    this.searchText = searchTextOf(this.name, this.sku, barcodeValues);
  }
}
StockItemSchema.setClass(StockItem);

export function searchTextOf(name: string, sku: string, barcodeValues: readonly string[]): string {
  return [name, sku, ...barcodeValues].join('\n').toLowerCase();
}
