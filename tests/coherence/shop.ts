import type { EntityManager } from '@mikro-orm/postgresql';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { graphqlClient, type GraphQLClient } from '../support/graphql-client.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';
import { Counted } from './counted.js';
import { Subject } from './judge.js';

/** Few, so that clients meet on them. */
const ITEMS = 4;
const CATEGORIES = 2;
/** In the last location, the till, one is received at a time and nothing else happens: what is on hand tells the version. */
const LOCATIONS = 3;
/** Each may send fifty scans a second. */
const DEVICES = 4;
/** More than is ever taken out. */
export const OPENING = 1_000_000;

export interface Level extends Subject {
  readonly id: string;
  readonly itemId: string;
  readonly locationId: string;
}

export interface Item {
  readonly id: string;
  readonly sku: string;
  readonly barcode: string;
  readonly name: Counted;
  /** A second barcode, which is replaced by the next one. */
  readonly code: Counted;
  readonly category: Category;
  /** In the order of the locations. */
  readonly levels: readonly Level[];
}

export interface Category {
  readonly id: string;
  readonly code: string;
  readonly name: Counted;
}

export interface Location {
  readonly id: string;
  readonly name: Counted;
}

/** What the clients write and read. */
export interface Shop {
  readonly shopId: string;
  readonly ownerKey: string;
  readonly deviceKeys: readonly string[];
  readonly name: Counted;
  readonly locations: readonly Location[];
  readonly categories: readonly Category[];
  readonly items: readonly Item[];
}

/** Rows that nothing has been read of yet. */
export function makeShop(em: EntityManager): Promise<ShopFixture> {
  return createShop(em, { locations: LOCATIONS, items: ITEMS });
}

/** Through the server: what the clients need besides the bare rows. */
export async function furnish(fixture: ShopFixture, url: string): Promise<Shop> {
  const ask = graphqlClient(url, fixture.secret);
  const locations = fixture.locations.map(({ id, name }) => ({
    id: toGlobalId('Location', id),
    name: new Counted(`${name}, revision `),
  }));
  const categories = await Promise.all(range(CATEGORIES).map((index) => makeCategory(ask, index)));
  const items = await Promise.all(
    fixture.items.map((item, index) => {
      const category = categories[index % CATEGORIES];
      if (!category) throw new Error('no category');
      return makeItem(ask, { id: toGlobalId('StockItem', item.id), sku: item.sku, number: index + 1, category, locations });
    }),
  );
  const till = locations.at(-1)?.id ?? '';
  const deviceKeys = await Promise.all(range(DEVICES).map((index) => makeDevice(ask, index, till)));
  const name = new Counted('Shop, revision ');
  return { shopId: fixture.shop.id, ownerKey: fixture.secret, deviceKeys, name, locations, categories, items };
}

async function makeCategory(ask: GraphQLClient, index: number): Promise<Category> {
  const code = `CATEGORY-${String(index + 1)}`;
  const made = await ask<{ categoryCreate: { category: { id: string } } }>(
    'mutation ($input: CategoryInput!) { categoryCreate(input: $input) { category { id } } }',
    { input: { code, name: code } },
  );
  return { id: made.categoryCreate.category.id, code, name: new Counted(`Category ${String(index + 1)}, revision `) };
}

interface ItemDraft {
  readonly id: string;
  readonly sku: string;
  readonly number: number;
  readonly category: Category;
  readonly locations: readonly Location[];
}

async function makeItem(ask: GraphQLClient, { id, sku, number, category, locations }: ItemDraft): Promise<Item> {
  const barcode = `CODE-${String(number)}`;
  const acts = locations.map((location, index) => ({
    receive: {
      key: `opening ${sku} ${String(index)}`,
      stockItem: { id },
      location: location.id,
      quantity: String(OPENING),
    },
  }));
  const { stockPost } = await ask<{ stockPost: { results: { level: { id: string } }[] } }>(
    `mutation ($id: ID!, $patch: StockItemPatch!, $acts: [StockActInput!]!) {
      stockItemUpdate(id: $id, patch: $patch) { userErrors { code } }
      stockPost(input: { acts: $acts }) { results { level { id } } }
    }`,
    { id, patch: { category: category.id, barcodes: [{ value: barcode }] }, acts },
  );
  const levels = stockPost.results.map(({ level }, index) => {
    const subject = new Subject(`level ${String(index + 1)} of ${sku}`);
    subject.acknowledge(1);
    return Object.assign(subject, { id: level.id, itemId: id, locationId: locations[index]?.id ?? '' });
  });
  const name = new Counted(`Item ${String(number)}, revision `);
  return { id, sku, barcode, name, code: new Counted(`GEN-${sku}-`), category, levels };
}

async function makeDevice(ask: GraphQLClient, index: number, location: string): Promise<string> {
  const { apiKeyCreate } = await ask<{ apiKeyCreate: { secret: string } }>(
    'mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { secret } }',
    { input: { name: `Device ${String(index + 1)}`, role: 'DEVICE', mode: 'RECEIVE', location } },
  );
  return apiKeyCreate.secret;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
