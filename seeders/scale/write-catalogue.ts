import type { Client } from 'pg';
import { hashSecret, newSecret } from '../../src/features/access/api-key-secret.js';
import { newId } from '../../src/kernel/ids.js';
import { demoCategories } from '../demo-shop/index.js';
import { BulkInsert } from './bulk-insert.js';
import { scaleItems } from './catalogue.js';
import type { ScaleLoad } from './load.js';

export const SCALE_SHOP_NAME = 'Scale shop';
const BATCH_ROWS = 2_000;
const LOCATION_NAMES = ['Shop floor', 'Storeroom'];
const LOCATION_CODES = ['SHOP', 'STORE'];

export interface ScaleShop {
  readonly id: string;
  readonly ownerKeyId: string;
  readonly ownerKey: string;
}

/** The shop's row and its one key, whose secret exists only in what this returns. */
export async function writeShop(client: Client, { at, ids }: ScaleLoad): Promise<ScaleShop> {
  const shop = { id: newId(), ownerKeyId: ids('key', at.from, 0), ownerKey: newSecret() };
  await client.query(
    `insert into shop (id, name, currency, time_zone, created_at, updated_at) values ($1, $2, 'ZAR', 'Africa/Johannesburg', $3, $3)`,
    [shop.id, SCALE_SHOP_NAME, at.now],
  );
  await client.query(
    `insert into api_key (shop_id, id, name, role, secret_hash, created_at) values ($1, $2, 'Owner', 'OWNER', $3, $4)`,
    [shop.id, shop.ownerKeyId, hashSecret(shop.ownerKey), at.now],
  );
  return shop;
}

export async function writeLocations(client: Client, shop: ScaleShop, load: ScaleLoad): Promise<void> {
  const time = instant(load.at.from);
  const rows = new BulkInsert(client, shop.id, 'location', {
    id: { type: 'uuid' },
    code: { type: 'text' },
    name: { type: 'text' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  });
  for (const [index, id] of load.locationIds.entries()) {
    const number = String(index + 1);
    const name = LOCATION_NAMES[index] ?? `Branch ${number}`;
    rows.add({ id, code: LOCATION_CODES[index] ?? `BRANCH-${number}`, name, created_at: time, updated_at: time });
  }
  await rows.flush();
}

/** The demo shop's tree of three levels. Returns the rows' ids by code. */
export async function writeCategories(client: Client, shop: ScaleShop, { at, ids }: ScaleLoad): Promise<Map<string, string>> {
  const idOf = new Map(demoCategories.map(({ code }, index) => [code, ids('category', at.from, index)]));
  const time = instant(at.from);
  const rows = new BulkInsert(client, shop.id, 'category', {
    id: { type: 'uuid' },
    code: { type: 'text' },
    name: { type: 'text' },
    parent_id: { type: 'uuid' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  });
  for (const { code, name, parent } of demoCategories) {
    const parentId = parent === undefined ? null : (idOf.get(parent) ?? null);
    rows.add({ id: idOf.get(code) ?? null, code, name, parent_id: parentId, created_at: time, updated_at: time });
  }
  await rows.flush();
  return idOf;
}

/** Items and their barcodes. The units of the items are kept in the load for the ledger. */
export async function writeItems(
  client: Client,
  shop: ScaleShop,
  load: ScaleLoad,
  categoryIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { items, barcodes } = itemTables(client, shop);
  let index = 0;
  for (const item of scaleItems(load.options.items, load.options.seed)) {
    const id = load.itemId(index);
    const time = instant(load.itemCreatedAt(index));
    items.add({
      id,
      sku: item.sku,
      name: item.name,
      category_id: categoryIds.get(item.category) ?? null,
      unit: item.unit,
      sale_price: item.salePrice,
      search_text: item.searchText,
      created_at: time,
      updated_at: time,
    });
    for (const { value, normalized, quantity, isDefault } of item.barcodes) {
      barcodes.add({ value, normalized, quantity, is_default: String(isDefault), stock_item_id: id });
    }
    load.setUnit(index, item.unit);
    index += 1;
    if (items.size >= BATCH_ROWS || index === load.options.items) {
      load.step('items', index, load.options.items);
      await items.flush();
      await barcodes.flush();
    }
  }
}

function itemTables(client: Client, shop: ScaleShop) {
  const items = new BulkInsert(client, shop.id, 'stock_item', {
    id: { type: 'uuid' },
    sku: { type: 'text' },
    name: { type: 'text' },
    category_id: { type: 'uuid' },
    unit: { type: 'text' },
    sale_price: { type: 'numeric' },
    search_text: { type: 'text' },
    created_at: { type: 'timestamptz' },
    updated_at: { type: 'timestamptz' },
  });
  const barcodes = new BulkInsert(client, shop.id, 'barcode', {
    normalized: { type: 'text' },
    value: { type: 'text' },
    stock_item_id: { type: 'uuid' },
    quantity: { type: 'numeric' },
    is_default: { type: 'boolean' },
  });
  return { items, barcodes };
}

export function instant(ms: number): string {
  return new Date(ms).toISOString();
}
