import { defineEntity, p } from '@mikro-orm/core';
import { declaredTrigger, instantColumn } from '../../platform/columns.js';
import { Shop } from './shop.entity.js';

const LocationSchema = defineEntity({
  name: 'Location',
  tableName: 'location',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    code: p.text(),
    name: p.text(),
    parent: () =>
      p
        .manyToOne(Location)
        .joinColumns('shop_id', 'parent_id')
        .ownColumns('parent_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index('location_parent_index'),
    archivedAt: instantColumn().nullable(),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  uniques: [{ name: 'location_code_unique', properties: ['shopId', 'code'] }],
  triggers: [declaredTrigger('location_tree', 'before', ['insert', 'update'])],
  checks: [
    { name: 'location_code_check', expression: "code <> ''" },
    { name: 'location_name_check', expression: "name <> ''" },
    { name: 'location_parent_check', expression: 'parent_id <> id' },
  ],
});

export class Location extends LocationSchema.class {
  declare parent: Location | null;

  /** Archiving twice keeps the first time. The caller has seen that it is empty and not the last one. */
  archive(now: Date): void {
    if (this.archivedAt) return;
    this.archivedAt = now;
    this.updatedAt = now;
  }
}
LocationSchema.setClass(Location);
