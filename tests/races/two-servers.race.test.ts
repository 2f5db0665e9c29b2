import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { graphqlClient, type GraphQLClient } from '../support/graphql-client.js';
import { buildServer, killStarted, startServer, type ServerProcess } from '../support/server-process.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';

const ITEMS = 8;
const TRANSFER_CLIENTS = 32;
/** As long as RACE_SECONDS says; a short slice otherwise. */
const TRANSFER_MS = Number(process.env.RACE_SECONDS ?? '3') * 1000;

let database: TestDatabase;
let shop: ShopFixture;
let servers: GraphQLClient[];
let processes: ServerProcess[];

beforeAll(async () => {
  buildServer();
  database = await createTestDatabase();
  shop = await createShop(database.orm.em, { locations: 2, items: ITEMS });
  processes = [1, 2].map(() => startServer({ env: { DATABASE_URL: database.url, LOG_LEVEL: 'warn' } }));
  const urls = await Promise.all(processes.map((server) => server.untilReady()));
  servers = urls.map((url) => graphqlClient(url, shop.secret));
});
afterAll(async () => {
  killStarted();
  await database.drop();
});

/** One client or the other, in turn: every race is one between two processes. */
function server(turn: number): GraphQLClient {
  const client = servers[turn % servers.length];
  if (!client) throw new Error('no server');
  return client;
}

const itemId = (index: number) => toGlobalId('StockItem', shop.items[index]?.id ?? '');
const locationId = (index: number) => toGlobalId('Location', shop.locations[index]?.id ?? '');

interface Payload {
  movement: { id: string } | null;
  level: { onHand: string } | null;
  replayed: boolean;
  userErrors: { code: string }[];
}

const PAYLOAD = 'movement { id } level { onHand } replayed userErrors { code }';
async function post(
  client: GraphQLClient,
  field: 'stockReceive' | 'stockIssue',
  input: Record<string, unknown>,
): Promise<Payload> {
  const data = await client<Record<string, Payload>>(
    `mutation ($input: StockInput!) { ${field}(input: $input) { ${PAYLOAD} } }`,
    { input },
  );
  const payload = data[field];
  if (!payload) throw new Error('no payload');
  return payload;
}

const act = (item: number, quantity: string, key: string) => ({
  key,
  stockItem: { id: itemId(item) },
  location: locationId(0),
  quantity,
});

/** Each level beside the sum of its ledger. */
function sums(): Promise<{ onHand: string; ledger: string }[]> {
  return database.orm.em.fork().execute(`
    select l.on_hand::text as "onHand", coalesce(sum(m.quantity), 0)::numeric(20,6)::text as ledger
    from stock_level l left join stock_movement m on m.shop_id = l.shop_id and m.level_id = l.id group by l.shop_id, l.id`);
}

describe('two server processes on one database', () => {
  test('20 issues of 1 race for a level of 5: 5 are applied, 15 refused, nothing is left', async () => {
    await post(server(0), 'stockReceive', act(0, '5', 'open'));
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, turn) => post(server(turn), 'stockIssue', act(0, '1', `issue-${String(turn)}`))),
    );
    const refused = replies.filter(({ userErrors }) => userErrors.length > 0);
    expect(refused.map(({ userErrors }) => userErrors[0]?.code)).toEqual(Array(15).fill('INSUFFICIENT_STOCK'));
    expect(replies.filter(({ movement }) => movement)).toHaveLength(5);
    expect(await sums()).toEqual([{ onHand: '0.000000', ledger: '0.000000' }]);
  });

  test('50 posts with one key at once: one movement, named in 50 replies, 49 of which say replayed', async () => {
    const same = act(1, '3', 'one-key');
    const replies = await Promise.all(Array.from({ length: 50 }, (_, turn) => post(server(turn), 'stockReceive', same)));
    expect(new Set(replies.map(({ movement }) => movement?.id)).size).toBe(1);
    expect(replies.filter(({ movement }) => movement)).toHaveLength(50);
    expect(replies.filter(({ replayed }) => replayed)).toHaveLength(49);
    expect(replies.every(({ level }) => level?.onHand === '3')).toBe(true);
  });

  test('50 posts with one key and 50 quantities: one is applied, the others are told that the key is spent', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, turn) => post(server(turn), 'stockReceive', act(2, String(turn + 1), 'contested'))),
    );
    expect(replies.filter(({ movement, replayed }) => movement && !replayed)).toHaveLength(1);
    expect(replies.filter(({ userErrors }) => userErrors[0]?.code === 'KEY_REUSED')).toHaveLength(49);
  });

  test('50 posts with one key to 5 items: one is applied, whatever level each would lock', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, turn) => post(server(turn), 'stockReceive', act(3 + (turn % 5), '1', 'wandering'))),
    );
    expect(replies.filter(({ movement, replayed }) => movement && !replayed)).toHaveLength(1);
  });

  test('32 clients with opposite transfers: no deadlock reaches a client, and no unit is lost', async () => {
    for (const [index] of shop.items.entries()) {
      await post(server(index), 'stockReceive', act(index, '1000', `stock-up-${String(index)}`));
    }
    const before = await total();
    const until = Date.now() + TRANSFER_MS;
    const counts = await Promise.all(Array.from({ length: TRANSFER_CLIENTS }, (_, client) => transferUntil(until, client)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(TRANSFER_CLIENTS);
    expect(await total()).toBe(before);
    for (const { onHand, ledger } of await sums()) expect(onHand).toBe(ledger);
    expect(await deadlocks()).toBe(0);
  });
});

async function total(): Promise<string | undefined> {
  const [row] = await database.orm.em.fork().execute<{ total: string }[]>('select sum(on_hand)::text as total from stock_level');
  return row?.total;
}

/**
 * Deadlocks that the database has broken so far. A client never sees one, since the loser is tried again; so it is asked here whether the order
 * of locks lets any happen. Connections tell what they have counted when they end.
 */
async function deadlocks(): Promise<number | undefined> {
  for (const server of processes) server.kill('SIGTERM');
  await Promise.all(processes.map(({ ended }) => ended));
  const [row] = await database.orm.em
    .fork()
    .execute<{ deadlocks: number }[]>('select deadlocks::int from pg_stat_database where datname = current_database()');
  return row?.deadlocks;
}

const TRANSFERS = `mutation ($input: StockPostInput!) { stockPost(input: $input) { results { userErrors { code message } } userErrors { code } } }`;

interface Posted {
  stockPost: { results: { userErrors: { code: string }[] }[]; userErrors: { code: string }[] };
}

/** Batches of two transfers that cross each other, in either order, so that two clients want the same levels from opposite ends. */
async function transferUntil(until: number, client: number): Promise<number> {
  let count = 0;
  for (; Date.now() < until; count += 1) {
    const [first, second] = [(client + count) % ITEMS, (client + 3 * count + 1) % ITEMS];
    const direction = (client + count) % 2;
    const acts = [first, second].map((item, index) => ({
      transfer: {
        key: `t-${String(client)}-${String(count)}-${String(index)}`,
        stockItem: { id: itemId(item) },
        from: locationId(direction),
        to: locationId(1 - direction),
        quantity: '1',
      },
    }));
    const { stockPost } = await server(client)<Posted>(TRANSFERS, { input: { acts } });
    const faults = stockPost.results.flatMap(({ userErrors }) => userErrors).filter(({ code }) => code !== 'INSUFFICIENT_STOCK');
    expect([...faults, ...stockPost.userErrors]).toEqual([]);
  }
  return count;
}
