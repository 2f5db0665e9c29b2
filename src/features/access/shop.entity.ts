import { defineEntity, p } from '@mikro-orm/core';
import type { Quantity } from '../../kernel/quantity.js';
import { instantColumn, quantityColumn } from '../../platform/columns.js';

const ShopSchema = defineEntity({
  name: 'Shop',
  tableName: 'shop',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    currency: p.text(),
    timeZone: p.text(),
    stockFloor: quantityColumn().nullable().defaultRaw('0'),
    variableMeasure: p.text().default('NONE'),
    /** Kinds of events that any webhook in use listens to, in alphabetical order; kept by the webhooks' room. */
    webhookKinds: p.array().columnType('text[]').default([]),
    /** Whether anybody is to be told of alerts; kept by the notifications' room. */
    notifies: p.boolean().default(false),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  checks: [
    { name: 'shop_currency_check', expression: "currency ~ '^[A-Z]{3}$'" },
    { name: 'shop_name_check', expression: "name <> ''" },
  ],
});

/** Whose stock it is. Every other row belongs to exactly one shop. */
export class Shop extends ShopSchema.class {
  /** Lowest on-hand allowed; null: no floor. */
  declare stockFloor: Quantity | null;
}
ShopSchema.setClass(Shop);
