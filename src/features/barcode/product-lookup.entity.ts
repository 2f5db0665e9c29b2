import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';

const ProductLookupSchema = defineEntity({
  name: 'ProductLookup',
  tableName: 'product_lookup',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    /** 14 digits. */
    gtin: p.text().primary(),
    /** Null: nobody who was asked knows it. */
    name: p.text().nullable(),
    brand: p.text().nullable(),
    imageUrl: p.text().nullable(),
    /** Who knew it. */
    source: p.text().nullable(),
    /** Sources that were asked and do not know it; they are not asked again until it expires. */
    unknownTo: p.array().default([]),
    lookedUpAt: instantColumn(),
    /** From when on it is asked anew, the next time that somebody scans the code. */
    expiresAt: instantColumn(),
  },
  indexes: [{ name: 'product_lookup_expires_index', properties: ['expiresAt'] }],
  checks: [
    { name: 'product_lookup_gtin_check', expression: "gtin ~ '^[0-9]{14}$'" },
    { name: 'product_lookup_name_check', expression: 'name is null or (char_length(name) >= 1 and char_length(name) <= 200)' },
    {
      name: 'product_lookup_brand_check',
      expression: 'brand is null or (name is not null and char_length(brand) >= 1 and char_length(brand) <= 100)',
    },
    {
      name: 'product_lookup_image_check',
      expression:
        "image_url is null or (name is not null and starts_with(image_url, 'https://') and char_length(image_url) <= 2000)",
    },
    { name: 'product_lookup_source_check', expression: '(source is null) = (name is null)' },
  ],
});

/** What was learnt outside about a code that the shop did not know, also that nobody knows it. */
export class ProductLookup extends ProductLookupSchema.class {}
ProductLookupSchema.setClass(ProductLookup);
