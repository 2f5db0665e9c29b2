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
    /** At or below it the item is to be bought again; null: there is no rule. */
    reorderPoint: quantityColumn().nullable(),
    /** What is bought at once: there is one where there is a point. */
    reorderQuantity: quantityColumn().nullable(),
    /** From the order to the shelf, where that is known. */
    leadTimeDays: p.integer().nullable(),
    version: p.integer(),
    updatedAt: instantColumn(),
  },
  uniques: [{ name: 'stock_level_place_unique', properties: ['shopId', 'stockItem', 'location'] }],
  indexes: [
    { name: 'stock_level_location_index', properties: ['shopId', 'location', 'id'] },
    // What is on hand stands in no index, so that a movement changes the level's row and nothing else.
    { name: 'stock_level_reorder_index', properties: ['shopId', 'id'], where: 'reorder_point is not null' },
  ],
  triggers: [declaredTrigger('stock_level_ledger', 'after', ['insert', 'update'])],
  checks: [
    { name: 'stock_level_floor_check', expression: 'on_hand >= floor' },
    { name: 'stock_level_version_check', expression: 'version >= 0' },
    { name: 'stock_level_reorder_rule_check', expression: '(reorder_point is null) = (reorder_quantity is null)' },
    { name: 'stock_level_reorder_point_check', expression: 'reorder_point >= 0' },
    { name: 'stock_level_reorder_quantity_check', expression: 'reorder_quantity > 0' },
    {
      name: 'stock_level_lead_time_check',
      expression: 'lead_time_days is null or (lead_time_days >= 0 and reorder_point is not null)',
    },
  ],
});

/** At or below `point` (0 or more) so much is bought at once: `quantity` (more than 0), or a multiple of it. */
export interface ReorderRule {
  readonly point: Quantity;
  readonly quantity: Quantity;
  /** Days from the order to the shelf; null where nobody knows. */
  readonly leadTimeDays: number | null;
}

/** How much of an item is at a location: the running sum of the ledger, changed in the transaction that writes the ledger. */
export class StockLevel extends StockLevelSchema.class {
  declare onHand: Quantity;
  declare floor: Quantity | null;
  declare reorderPoint: Quantity | null;
  declare reorderQuantity: Quantity | null;

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

  /** Null takes the rule away. Whether that changed anything; the caller holds the row's lock. */
  setReorderRule(rule: ReorderRule | null, now: Date): boolean {
    if (this.hasRule(rule)) return false;
    this.reorderPoint = rule?.point ?? null;
    this.reorderQuantity = rule?.quantity ?? null;
    this.leadTimeDays = rule?.leadTimeDays ?? null;
    this.version += 1;
    this.updatedAt = now;
    return true;
  }

  private hasRule(rule: ReorderRule | null): boolean {
    const { reorderPoint: point, reorderQuantity: quantity, leadTimeDays } = this;
    if (!rule || !point || !quantity) return !rule && !point;
    return point.eq(rule.point) && quantity.eq(rule.quantity) && (leadTimeDays ?? null) === rule.leadTimeDays;
  }
}
StockLevelSchema.setClass(StockLevel);
