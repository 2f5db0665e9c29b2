import { HttpConnection } from '../coherence/http-connection.js';
import { startBenchServer } from './bench-server.js';
import type { Place } from './place.js';
import { ask, graphqlRequest } from './requests.js';
import { SETTINGS, settingEnv } from './settings.js';
import { readFacts } from './shop.js';

export const PAGE_ITEMS = 50;
export const HOT_ITEMS = 200;
/** A device may send so many requests a second and no more: a fast server needs many devices to be kept busy. */
const DEVICES = 200;
/** The location of all devices, where the hot items are stocked so well that none is sold out. */
export const COUNTER = 'SHOP';
const HOT_STOCK = 1_000_000;

const LOCATIONS = '{ locations { id code } }';
const STOCK =
  'mutation ($input: StockPostInput!) { stockPost(input: $input) { results { userErrors { message } } userErrors { message } } }';
const DEVICE = 'mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { secret userErrors { message } } }';
const WALK = `query ($after: String) {
  stockItems(first: ${String(PAGE_ITEMS)}, after: $after) { nodes { sku } pageInfo { endCursor hasNextPage } }
}`;

export interface Page {
  readonly after: string | null;
  readonly skus: readonly string[];
}

/** What requests are made of. */
export interface Stage {
  readonly ownerKey: string;
  readonly deviceKeys: readonly string[];
  /** SKUs of the items that are looked up, received and sold. */
  readonly hotSkus: readonly string[];
  /** All items by SKU, page by page. */
  readonly pages: readonly Page[];
}

/** Stocks the hot items, makes the devices' keys and walks over the catalogue, through a server that caches nothing. */
export async function setUp(place: Place): Promise<Stage> {
  const [uncached] = SETTINGS.filter(({ caches }) => !caches);
  const env = uncached && settingEnv(uncached, undefined);
  const server = await startBenchServer(place.scratchDir, { DATABASE_URL: place.databaseUrl, ...env });
  const connection = new HttpConnection(server.port);
  try {
    const counter = await counterId(connection, place.ownerKey);
    const hotSkus = await chooseHot(place);
    await stock(connection, place.ownerKey, { hotSkus, counter });
    const deviceKeys: string[] = [];
    for (let index = 0; index < DEVICES; index += 1) {
      const input = { name: `Scanner ${String(index + 1)}`, role: 'DEVICE', location: counter };
      const request = graphqlRequest(place.ownerKey, DEVICE, { input });
      deviceKeys.push((await ask<{ apiKeyCreate: { secret: string } }>(connection, request)).apiKeyCreate.secret);
    }
    return { ownerKey: place.ownerKey, deviceKeys, hotSkus, pages: await walk(connection, place.ownerKey) };
  } finally {
    connection.close();
    await server.stop();
  }
}

async function counterId(connection: HttpConnection, key: string): Promise<string> {
  const { locations } = await ask<{ locations: { id: string; code: string }[] }>(connection, graphqlRequest(key, LOCATIONS));
  const counter = locations.find(({ code }) => code === COUNTER);
  if (counter === undefined) throw new Error(`there is no location ${COUNTER}`);
  return counter.id;
}

/** From all over the catalogue; counted in pieces, so that sums of them are exact numbers. */
async function chooseHot({ db, shopId }: Place): Promise<string[]> {
  const pieces = [...(await readFacts(db, shopId)).values()].filter(({ unit }) => unit === 'each');
  const step = Math.max(1, Math.floor(pieces.length / HOT_ITEMS));
  return pieces
    .filter((_, index) => index % step === 0)
    .slice(0, HOT_ITEMS)
    .map(({ sku }) => sku);
}

async function stock(
  connection: HttpConnection,
  key: string,
  { hotSkus, counter }: { hotSkus: readonly string[]; counter: string },
): Promise<void> {
  const acts = hotSkus.map((sku) => ({
    receive: { key: `bench-${sku}`, stockItem: { sku }, location: counter, quantity: HOT_STOCK },
  }));
  await ask(connection, graphqlRequest(key, STOCK, { input: { acts } }));
}

async function walk(connection: HttpConnection, key: string): Promise<Page[]> {
  interface Walked {
    stockItems: { nodes: { sku: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
  }
  const pages: Page[] = [];
  for (let after: string | null = null, hasNext = true; hasNext;) {
    const { stockItems }: Walked = await ask<Walked>(connection, graphqlRequest(key, WALK, { after }));
    pages.push({ after, skus: stockItems.nodes.map(({ sku }) => sku) });
    after = stockItems.pageInfo.endCursor;
    hasNext = stockItems.pageInfo.hasNextPage;
  }
  return pages;
}
