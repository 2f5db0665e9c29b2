import { defineEntity, p } from '@mikro-orm/core';
import type { Quantity } from '../../kernel/quantity.js';
import { quantityColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import { StockItem } from './stock-item.entity.js';

const BarcodeSchema = defineEntity({
  name: 'Barcode',
  tableName: 'barcode',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    /** What scans are compared with: a GTIN as 14 digits, other text as it is. */
    normalized: p.text().primary(),
    /** As the shop wrote it. */
    value: p.text(),
    stockItem: () =>
      p
        .manyToOne(StockItem)
        .joinColumns('shop_id', 'stock_item_id')
        .ownColumns('stock_item_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index('barcode_stock_item_index'),
    /** Base units that one scan means. */
    quantity: quantityColumn(),
    isDefault: p.boolean(),
  },
  checks: [
    { name: 'barcode_normalized_check', expression: "normalized <> ''" },
    { name: 'barcode_quantity_check', expression: 'quantity > 0' },
  ],
});

/** One code printed on a pack of an item. */
export class Barcode extends BarcodeSchema.class {
  declare quantity: Quantity;
}
BarcodeSchema.setClass(Barcode);
