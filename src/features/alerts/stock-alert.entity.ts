import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Principal, Shop } from '../access/index.js';
import { StockLevel } from '../stock/index.js';
import type { AlertKind } from './alert-kind.js';

const StockAlertSchema = defineEntity({
  name: 'StockAlert',
  tableName: 'stock_alert',
  properties: {
    // No foreign key of its own: the level's has the shop in it, and one on the shop's row would be locked by every alert of the shop.
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').createForeignKeyConstraint(false),
    id: p.uuid().primary(),
    kind: p.text().$type<AlertKind>(),
    level: () =>
      p
        .manyToOne(StockLevel)
        .joinColumns('shop_id', 'level_id')
        .ownColumns('level_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    openedAt: instantColumn(),
    /** Who has seen it, and when; an alert stays open until its cause is gone, seen or not. */
    acknowledgedAt: instantColumn().nullable(),
    acknowledgedBy: () =>
      p
        .manyToOne(Principal)
        .joinColumns('shop_id', 'acknowledged_by')
        .ownColumns('acknowledged_by')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    resolvedAt: instantColumn().nullable(),
  },
  indexes: [
    {
      name: 'stock_alert_open_unique',
      expression:
        'create unique index "stock_alert_open_unique" on "stock_alert" ("shop_id", "level_id", "kind") where resolved_at is null',
    },
    { name: 'stock_alert_open_index', properties: ['shopId', 'id'], where: 'resolved_at is null' },
    { name: 'stock_alert_resolved_index', properties: ['shopId', 'id'], where: 'resolved_at is not null' },
  ],
  checks: [
    { name: 'stock_alert_kind_check', expression: "kind in ('LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK')" },
    { name: 'stock_alert_acknowledged_check', expression: '(acknowledged_at is null) = (acknowledged_by is null)' },
    { name: 'stock_alert_resolved_check', expression: 'resolved_at >= opened_at' },
  ],
});

/** Says that somebody should look at a level. Of a kind and a level at most one is open. */
export class StockAlert extends StockAlertSchema.class {
  declare acknowledgedBy: Principal | null;

  /** The first who has seen it stays. */
  acknowledge(by: Principal, now: Date): void {
    if (this.acknowledgedAt) return;
    this.acknowledgedAt = now;
    this.acknowledgedBy = by;
  }
}
StockAlertSchema.setClass(StockAlert);
