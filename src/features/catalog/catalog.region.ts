import { formatQuantity, quantity } from '../../kernel/quantity.js';
import type { Region } from '../../platform/cache/region.js';
import { instantOf, revive } from '../../platform/revive.js';
import { shopStamp } from '../access/index.js';
import { Barcode } from './barcode.entity.js';
import { CategoryTree } from './category-tree.js';
import { Category } from './category.entity.js';
import { StockItem } from './stock-item.entity.js';

/** A row of a shop, by one of the texts that find it there. */
export interface InShop {
  readonly shopId: string;
  readonly text: string;
}

interface ItemJson {
  readonly shopId: string;
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly categoryId: string | null;
  readonly unit: string;
  readonly salePrice: string | null;
  readonly archivedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

function encodeItem(item: StockItem): ItemJson {
  const { shopId, id, sku, name, description, category, unit, salePrice, archivedAt, createdAt, updatedAt } = item;
  return {
    ...{ shopId, id, sku, name, unit, description: description ?? null, categoryId: category?.id ?? null },
    salePrice: salePrice && formatQuantity(salePrice),
    archivedAt: archivedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function decodeItem({ categoryId, ...fields }: ItemJson): StockItem {
  return revive(StockItem, {
    ...fields,
    category: categoryId === null ? null : Object.freeze({ id: categoryId }),
    salePrice: fields.salePrice === null ? null : quantity(fields.salePrice),
    archivedAt: instantOf(fields.archivedAt),
    createdAt: instantOf(fields.createdAt),
    updatedAt: instantOf(fields.updatedAt),
  });
}

const IN_SHOP = {
  version: 1,
  keyOf: ({ shopId, text }: InShop) => `${shopId}/${text}`,
  stampOf: ({ shopId }: InShop) => shopStamp(shopId),
  loadsOnce: false,
} as const;

/** Items by row id, archived ones too. */
export const ITEMS: Region<InShop, StockItem> = {
  ...IN_SHOP,
  name: 'items',
  remembersUnknown: false,
  codec: { encode: encodeItem, decode: decodeItem },
};

/** Items by SKU in the form that codes are compared in. */
export const SKUS: Region<InShop, StockItem> = {
  ...IN_SHOP,
  name: 'skus',
  remembersUnknown: true,
  codec: { encode: encodeItem, decode: decodeItem },
};

interface BarcodeJson {
  readonly shopId: string;
  readonly normalized: string;
  readonly value: string;
  readonly quantity: string;
  readonly isDefault: boolean;
  readonly stockItem: ItemJson;
}

/** Barcodes with their items, by the code in the form that scans are compared in. An unknown code is scanned again and again, so it is remembered. */
export const BARCODES: Region<InShop, Barcode> = {
  ...IN_SHOP,
  name: 'barcodes',
  remembersUnknown: true,
  codec: {
    encode: ({ shopId, normalized, value, quantity: pack, isDefault, stockItem }): BarcodeJson => ({
      ...{ shopId, normalized, value, isDefault },
      quantity: formatQuantity(pack),
      stockItem: encodeItem(stockItem),
    }),
    decode: ({ stockItem, ...fields }: BarcodeJson): Barcode =>
      revive(Barcode, { ...fields, quantity: quantity(fields.quantity), stockItem: decodeItem(stockItem) }),
  },
};

interface CategoryJson {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** All categories of a shop, by its row id. Up to thousands of rows, so one process loads them while others wait. */
export const CATEGORIES: Region<string, CategoryTree> = {
  name: 'categories',
  version: 1,
  keyOf: (shopId) => shopId,
  stampOf: shopStamp,
  remembersUnknown: false,
  loadsOnce: true,
  codec: {
    encode: ({ shopId, all }): { shopId: string; all: CategoryJson[] } => ({
      shopId,
      all: all.map(({ id, code, name, parent, createdAt, updatedAt }) => ({
        ...{ id, code, name, parentId: parent?.id ?? null },
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      })),
    }),
    decode: ({ shopId, all }: { shopId: string; all: CategoryJson[] }): CategoryTree =>
      new CategoryTree(
        shopId,
        all.map(({ parentId, ...fields }) =>
          revive(Category, {
            ...fields,
            shopId,
            parent: parentId === null ? null : Object.freeze({ id: parentId }),
            createdAt: instantOf(fields.createdAt),
            updatedAt: instantOf(fields.updatedAt),
          }),
        ),
      ),
  },
};
