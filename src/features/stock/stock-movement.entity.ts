import { defineEntity, p } from '@mikro-orm/core';
import type { Quantity } from '../../kernel/quantity.js';
import { declaredTrigger, instantColumn, quantityColumn } from '../../platform/columns.js';
import { Location, Principal, Shop } from '../access/index.js';
import { StockItem } from '../catalog/index.js';
import type { MovementKind } from './movement-kind.js';
import { StockLevel } from './stock-level.entity.js';

const StockMovementSchema = defineEntity({
  name: 'StockMovement',
  tableName: 'stock_movement',
  properties: {
    // No foreign key of its own: the level's has the shop in it, and one on the shop's row would be locked by every movement of the shop.
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').createForeignKeyConstraint(false),
    id: p.uuid().primary(),
    /** The order in which the ledger was written: of one level without exception, since its row is locked while a line is added. */
    seq: p.bigint('string').columnType('bigint').autoincrement().generated('identity'),
    kind: p.text().$type<MovementKind>(),
    level: () =>
      p
        .manyToOne(StockLevel)
        .joinColumns('shop_id', 'level_id')
        .ownColumns('level_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    // The level's own item and location once more, for the indexes; the trigger that guards the chain compares them.
    stockItem: () =>
      p
        .manyToOne(StockItem)
        .joinColumns('shop_id', 'stock_item_id')
        .ownColumns('stock_item_id')
        .createForeignKeyConstraint(false)
        .index(false),
    location: () =>
      p
        .manyToOne(Location)
        .joinColumns('shop_id', 'location_id')
        .ownColumns('location_id')
        .createForeignKeyConstraint(false)
        .index(false),
    quantity: quantityColumn(),
    balanceBefore: quantityColumn(),
    balanceAfter: quantityColumn(),
    /** The level's version after this line. */
    levelVersion: p.integer(),
    counted: quantityColumn().nullable(),
    reason: p.text().nullable(),
    reference: p.text().nullable(),
    actor: () =>
      p
        .manyToOne(Principal)
        .joinColumns('shop_id', 'actor_id')
        .ownColumns('actor_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    reverses: () =>
      p
        .manyToOne(StockMovement)
        .joinColumns('shop_id', 'reverses_id')
        .ownColumns('reverses_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    /** The other line of the same transfer. No foreign key: either line would have to be there first. */
    counterpartId: p.uuid().nullable(),
    occurredAt: instantColumn(),
    recordedAt: instantColumn(),
  },
  indexes: [
    { name: 'stock_movement_level_index', properties: ['shopId', 'level', 'levelVersion'] },
    { name: 'stock_movement_item_index', properties: ['shopId', 'stockItem', 'seq'] },
    { name: 'stock_movement_location_index', properties: ['shopId', 'location', 'seq'] },
    { name: 'stock_movement_shop_index', properties: ['shopId', 'seq'] },
  ],
  triggers: [
    declaredTrigger('stock_movement_append_only', 'before', ['update', 'delete']),
    declaredTrigger('stock_movement_chain', 'after', ['insert']),
  ],
  checks: [
    { name: 'stock_movement_balance_check', expression: 'balance_after = balance_before + quantity' },
    {
      name: 'stock_movement_sign_check',
      expression:
        "case when kind in ('RECEIPT', 'RETURN', 'TRANSFER_IN') then quantity > 0 when kind in ('ISSUE', 'SALE', 'DAMAGE', 'EXPIRY', 'TRANSFER_OUT') then quantity < 0 when kind in ('ADJUSTMENT', 'REVERSAL') then quantity <> 0 else kind = 'COUNT' end",
    },
    {
      name: 'stock_movement_counted_check',
      expression: "(kind = 'COUNT') = (counted is not null) and (counted is null or counted = balance_after)",
    },
    {
      name: 'stock_movement_counterpart_check',
      expression: "(kind in ('TRANSFER_OUT', 'TRANSFER_IN')) = (counterpart_id is not null)",
    },
    { name: 'stock_movement_reverses_check', expression: "(kind = 'REVERSAL') = (reverses_id is not null)" },
  ],
});

/** One line of the ledger. It is written once; the database refuses to change or delete it. */
export class StockMovement extends StockMovementSchema.class {
  declare quantity: Quantity;
  declare balanceBefore: Quantity;
  declare balanceAfter: Quantity;
  declare counted: Quantity | null;
  declare reverses: StockMovement | null;
  declare reason: string | null;
  declare reference: string | null;
  declare counterpartId: string | null;
}
StockMovementSchema.setClass(StockMovement);
