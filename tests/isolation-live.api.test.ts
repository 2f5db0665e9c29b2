import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stockroomSchema, type App } from '../src/app.js';
import { parseGlobalId, toGlobalId } from '../src/graphql/global-id.js';
import { newId } from '../src/kernel/ids.js';
import { appClient, createTestApp } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { until } from './support/live-client.js';
import { leavesOf, requestFor, subscriptionFields, type RootField } from './support/schema-requests.js';
import { openStockedShop, type StockedShop } from './support/stocked-shop.js';
import { init, openRawSocket, type RawSocket } from './transport/raw-socket.js';

const DEPTH = 4;
/** How much each subscription tells of what `act` does. */
const EVENTS_OF_AN_ACT: Readonly<Record<string, number>> = { stockMovements: 2, stockAlerts: 1 };
const FIELDS = subscriptionFields(stockroomSchema());
const ID_LEAVES = FIELDS.flatMap((field) =>
  leavesOf(field)
    .filter(({ scalar }) => scalar === 'ID')
    .map((leaf) => ({ field, leaf })),
);

let database: TestDatabase;
let app: App;
let url: string;
let mine: StockedShop;
let theirs: StockedShop;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  ({ url } = await app.listen());
  [mine, theirs] = [await openStockedShop(app, 'MINE'), await openStockedShop(app, 'THEIRS')];
});
afterEach(() => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function listen({ secret }: StockedShop): Promise<RawSocket> {
  const socket = openRawSocket(url);
  sockets.push(socket);
  socket.send(init(secret));
  await until(() => socket.messages.length > 0, 'an ack');
  return socket;
}

/** All that an event can lead to, with one argument given. */
function subscribe(
  socket: RawSocket,
  id: string,
  field: RootField,
  given: { path?: readonly string[]; value?: string } = {},
): void {
  const { path = [], value } = given;
  const request = requestFor(field, { depth: DEPTH, with: path, fill: () => value });
  socket.send({ type: 'subscribe', id, payload: request });
}

/** Two movements of a new item, the second of which opens an alert. */
async function act(shop: StockedShop): Promise<void> {
  const { id } = await shop.freshItem();
  const input = { stockItem: { id }, location: shop.ids.Location, key: newId(), quantity: 5 };
  await appClient(app, shop.secret)(
    'mutation ($input: StockInput!) { stockIssue(input: $input) { movement { id } userErrors { code } } }',
    { input },
  );
}

const told = ({ messages }: RawSocket, id: string): string =>
  JSON.stringify(messages.filter((message) => message.id === id).map(({ type, payload }) => ({ type, payload })));
const eventsOf = ({ messages }: RawSocket, id: string): number =>
  messages.filter((message) => message.id === id && message.type === 'next').length;
const hears = (socket: RawSocket, id: string): boolean => socket.messages.some((message) => message.id === id);

/** Acts of both shops, theirs first, until each of these subscriptions has told of one of mine. */
async function actUntilHeard(socket: RawSocket, ids: readonly string[]): Promise<void> {
  await act(theirs);
  await act(mine);
  await until(() => ids.every((id) => hears(socket, id)), 'an act of mine');
}

describe('whoever listens in one shop', () => {
  test.each(FIELDS.map((field) => [field.name, field] as const))('%s: hears its own acts, and no other', async (name, field) => {
    const [ours, others] = [await listen(mine), await listen(theirs)];
    subscribe(ours, 'all', field);
    subscribe(others, 'all', field);
    const each = EVENTS_OF_AN_ACT[name] ?? NaN;
    for (const shop of [theirs, mine, theirs, mine]) await act(shop);
    await until(() => [ours, others].every((socket) => eventsOf(socket, 'all') >= 2 * each), 'all acts');
    expect([ours, others].map((socket) => eventsOf(socket, 'all'))).toEqual([2 * each, 2 * each]);
    expect(told(ours, 'all')).toContain(mine.ids.Location);
    expect(told(ours, 'all')).not.toMatch(theirs.marks);
    expect(told(others, 'all')).toContain(theirs.ids.Location);
    expect(told(others, 'all')).not.toMatch(mine.marks);
  });

  test('every id that a subscription takes is looked at', () => {
    const names = ID_LEAVES.map(({ field, leaf }) => `${field.name} ${leaf.path.join('.')}`);
    expect(names.toSorted()).toEqual(['stockMovements location', 'stockMovements stockItem']);
  });

  test.each(ID_LEAVES.map(({ field, leaf }) => [field.name, leaf.path.join('.'), field, leaf] as const))(
    '%s(%s): an id of another shop is answered as one that nobody has',
    async (_name, _path, field, { path }) => {
      const socket = await listen(mine);
      subscribe(socket, 'all', field);
      const pairs = Object.entries(theirs.ids).slice(0, 9);
      for (const [what, foreign] of pairs) {
        const type = parseGlobalId(foreign)?.type ?? 'Shop';
        subscribe(socket, `foreign ${what}`, field, { path, value: foreign });
        subscribe(socket, `absent ${what}`, field, { path, value: toGlobalId(type, newId()) });
      }
      await actUntilHeard(socket, ['all']);
      // A second round, since what is told to one listener may come a moment after what is told to another.
      const before = told(socket, 'all');
      await act(theirs);
      await act(mine);
      await until(() => told(socket, 'all').length > before.length, 'another act of mine');
      for (const [what] of pairs) expect([what, told(socket, `foreign ${what}`)]).toEqual([what, told(socket, `absent ${what}`)]);
      expect(socket.code).toBeUndefined();
    },
  );

  test("a cursor of another shop leads on in one's own", async () => {
    const field = FIELDS.find(({ name }) => name === 'stockMovements');
    if (!field) throw new Error('no such field');
    const { stockMovementFeed } = await appClient(
      app,
      theirs.secret,
    )<{
      stockMovementFeed: { edges: { cursor: string }[] };
    }>('{ stockMovementFeed(first: 1) { edges { cursor } } }');
    const cursor = stockMovementFeed.edges[0]?.cursor ?? '';
    const socket = await listen(mine);
    subscribe(socket, 'after', field, { path: ['after'], value: cursor });
    await actUntilHeard(socket, ['after']);
    expect(told(socket, 'after')).toContain(mine.ids.Location);
    expect(told(socket, 'after')).not.toMatch(theirs.marks);
  });
});
