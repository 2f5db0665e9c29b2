import { defineEntity, p } from '@mikro-orm/core';
import type { Quantity } from '../../kernel/quantity.js';
import { declaredTrigger, instantColumn, quantityColumn } from '../../platform/columns.js';
import { Location, Shop } from '../access/index.js';
import { StockItem } from '../catalog/index.js';

const StockLevelSchema = defineEntity({
  name: 'StockLevel',
  tableName: 'stock_level',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    stockItem: () =>
      p
        .manyToOne(StockItem)
        .joinColumns('shop_id', 'stock_item_id')
        .ownColumns('stock_item_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    location: () =>
      p
        .manyToOne(Location)
        .joinColumns('shop_id', 'location_id')
        .ownColumns('location_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    onHand: quantityColumn(),
    /** Lowest on-hand the database lets through; null: none. It follows the shop's floor, and a level that is already below it. */
    floor: quantityColumn().nullable(),
    version: p.integer(),
    updatedAt: instantColumn(),
  },
  uniques: [{ name: 'stock_level_place_unique', properties: ['shopId', 'stockItem', 'location'] }],
  indexes: [{ name: 'stock_level_location_index', properties: ['shopId', 'location', 'id'] }],
  triggers: [declaredTrigger('stock_level_ledger', 'after', ['insert', 'update'])],
  checks: [
    { name: 'stock_level_floor_check', expression: 'on_hand >= floor' },
    { name: 'stock_level_version_check', expression: 'version >= 0' },
  ],
});

/** How much of an item is at a location: the running sum of the ledger, changed in the transaction that writes the ledger. */
export class StockLevel extends StockLevelSchema.class {
  declare onHand: Quantity;
  declare floor: Quantity | null;

  /** Whether `change` may be applied under the floor. A change upwards always may, even where the level is below the floor. */
  allows(change: Quantity, floor: Quantity | null): boolean {
    return floor === null || !change.isNegative() || this.onHand.plus(change).gte(floor);
  }

  /** Applies one line of the ledger. The caller holds the row's lock and has asked `allows`. */
  apply(change: Quantity, floor: Quantity | null, now: Date): void {
    this.onHand = this.onHand.plus(change);
    this.floor = floor !== null && this.onHand.lt(floor) ? this.onHand : floor;
    this.version += 1;
    this.updatedAt = now;
  }
}
StockLevelSchema.setClass(StockLevel);
