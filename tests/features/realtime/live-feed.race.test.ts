import type { Client } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { createTestApp, appClient } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { liveClient, until } from '../../support/live-client.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';

const ITEMS = 4;
const WRITERS = 8;
const WRITES = 25;
const LINES = WRITERS * WRITES;
const LISTEN = `subscription ($after: String) { stockMovements(after: $after) { cursor movement { id quantity balanceAfter stockItem { id } } } }`;
const RECEIVE = `mutation ($input: StockInput!) { stockReceive(input: $input) { movement { id } userErrors { code } } }`;

let database: TestDatabase;
let shop: ShopFixture;
let apps: App[] = [];
let urls: string[];
let writers: GraphQLClient[];

beforeAll(async () => {
  database = await createTestDatabase();
  shop = await createShop(database.orm.em, { locations: 1, items: ITEMS });
  apps = [await createTestApp(database), await createTestApp(database)];
  urls = await Promise.all(apps.map(async (app) => (await app.listen()).url));
  writers = apps.map((app) => appClient(app, shop.secret));
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

function owner(): GraphQLClient {
  const [client] = writers;
  if (!client) throw new Error('no client');
  return client;
}

interface Event {
  cursor: string;
  movement: { id: string; balanceAfter: string; stockItem: { id: string } };
}

/** One connection: hears events until it has `most`, then breaks off. */
async function hear(url: string, heard: Event[], { start, most }: { start: string; most: number }): Promise<void> {
  const client: Client = liveClient(url, shop.secret);
  const end = heard.length + most;
  try {
    for await (const { data, errors } of client.iterate<{ stockMovements: Event }>({
      query: LISTEN,
      variables: { after: heard.at(-1)?.cursor ?? start },
    })) {
      if (!data) throw new Error(JSON.stringify(errors));
      heard.push(data.stockMovements);
      if (heard.length >= Math.min(end, LINES)) return;
    }
  } finally {
    await client.dispose();
  }
}

async function write(writer: number, writes = WRITES): Promise<void> {
  for (let turn = 0; turn < writes; turn += 1) {
    const item = shop.items[(writer + turn) % ITEMS];
    const input = {
      key: `w${String(writer)}-${String(turn)}`,
      stockItem: { id: toGlobalId('StockItem', item?.id ?? '') },
      location: toGlobalId('Location', shop.locations[0]?.id ?? ''),
      quantity: '1',
    };
    await writers[writer % 2]?.(RECEIVE, { input });
  }
}

test(
  'who loses the connection and comes back with the cursor hears every line once, each level in its order',
  { timeout: 120_000 },
  async () => {
    const whole: Event[] = [];
    const broken: Event[] = [];
    const start = await firstCursor();
    const listening = hear(urls[0] ?? '', whole, { start, most: LINES });
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    while (broken.length < LINES) await hear(urls[broken.length % 2] ?? '', broken, { start, most: 17 });
    await writing;
    await listening;
    const rows = await ledger(start);
    for (const heard of [whole, broken]) {
      expect(heard.map(({ movement }) => movement.id).sort()).toEqual(rows);
      for (const own of Object.values(Object.groupBy(heard, ({ movement }) => movement.stockItem.id))) {
        const balances = (own ?? []).map(({ movement }) => Number(movement.balanceAfter));
        const [first = 0] = balances;
        expect(balances).toEqual(balances.map((_, index) => first + index));
      }
    }
  },
);

/** Of a line that is there before anybody listens. */
async function firstCursor(): Promise<string> {
  await write(WRITERS, 1);
  const { stockMovementFeed } = await owner()<{ stockMovementFeed: { pageInfo: { endCursor: string } } }>(
    '{ stockMovementFeed { pageInfo { endCursor } } }',
  );
  return stockMovementFeed.pageInfo.endCursor;
}

async function ledger(start: string): Promise<string[]> {
  const rows: string[] = [];
  for (let after = start, more = true; more;) {
    const { stockMovementFeed: page } = await owner()<{
      stockMovementFeed: { nodes: { id: string }[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } };
    }>(
      'query ($after: String) { stockMovementFeed(after: $after) { nodes { id } totalCount pageInfo { endCursor hasNextPage } } }',
      { after },
    );
    rows.push(...page.nodes.map(({ id }) => id));
    expect(page.totalCount).toBe(LINES + 1);
    ({ endCursor: after, hasNextPage: more } = page.pageInfo);
  }
  expect(rows).toHaveLength(LINES);
  return rows.sort();
}

test('the place narrows it, and what was committed before the query is in the feed', async () => {
  const item = toGlobalId('StockItem', shop.items[1]?.id ?? '');
  const heard: string[] = [];
  const client = liveClient(urls[1] ?? '', shop.secret);
  client.subscribe<{ stockMovements: Event }>(
    { query: `subscription { stockMovements(stockItem: "${item}", after: null) { movement { stockItem { id } } } }` },
    {
      next: ({ data }) => heard.push(data?.stockMovements.movement.stockItem.id ?? 'error'),
      error: (error) => heard.push(String(error)),
      complete: () => undefined,
    },
  );
  for (let turn = 0; heard.length === 0 && turn < 100; turn += 1) {
    for (const index of [0, 1]) {
      const stockItem = { id: toGlobalId('StockItem', shop.items[index]?.id ?? '') };
      const location = toGlobalId('Location', shop.locations[0]?.id ?? '');
      await writers[0]?.(RECEIVE, { input: { key: `n${String(turn)}-${String(index)}`, stockItem, location, quantity: '1' } });
    }
    await until(() => heard.length > 0, 'an event', 300).catch(() => undefined);
  }
  expect(heard[0]).toBe(item);
  expect(new Set(heard)).toEqual(new Set([item]));
  await client.dispose();
});
