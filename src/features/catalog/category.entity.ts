import { defineEntity, p } from '@mikro-orm/core';
import { declaredTrigger, instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';

const CategorySchema = defineEntity({
  name: 'Category',
  tableName: 'category',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    code: p.text(),
    name: p.text(),
    parent: () =>
      p
        .manyToOne(Category)
        .joinColumns('shop_id', 'parent_id')
        .ownColumns('parent_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index('category_parent_index'),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  uniques: [{ name: 'category_code_unique', properties: ['shopId', 'code'] }],
  triggers: [declaredTrigger('category_tree', 'before', ['insert', 'update'])],
  checks: [
    { name: 'category_code_check', expression: "code <> ''" },
    { name: 'category_name_check', expression: "name <> ''" },
    { name: 'category_parent_check', expression: 'parent_id <> id' },
  ],
});

/** A node of the shop's tree of categories. */
export class Category extends CategorySchema.class {
  declare parent: Category | null;
}
CategorySchema.setClass(Category);
