import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { FeedHorizonReader, LiveFeed } from '../../../src/features/realtime/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let clients: pg.Client[];

beforeAll(async () => {
  database = await createTestDatabase();
  clients = [1, 2].map(() => new pg.Client(database.url));
  await Promise.all(clients.map((client) => client.connect()));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

function client(index: number): pg.Client {
  const found = clients[index];
  if (!found) throw new Error('no client');
  return found;
}

const horizonReader = (): FeedHorizonReader =>
  new FeedHorizonReader(database.orm.em, (error) => {
    throw error;
  });

/** What an insert does first: the table's lock, then a number. */
async function takeNumber(of: pg.Client): Promise<bigint> {
  await of.query('begin');
  await of.query('insert into stock_movement overriding user value select * from stock_movement where false');
  const { rows } = await of.query<{ seq: string }>(`select nextval('stock_movement_seq_seq') as seq`);
  return BigInt(rows[0]?.seq ?? 0);
}

test('the horizon stays below a number whose transaction is open, and passes it once that has ended', async () => {
  const horizon = horizonReader();
  const before = await horizon.now(0);
  const held = await takeNumber(client(0));
  const later = await takeNumber(client(1));
  await client(1).query('commit');
  expect(later).toBeGreaterThan(held);
  expect(await horizon.now(300)).toBe(before);
  await client(0).query('rollback');
  expect(await horizon.now(5_000)).toBe(later);
});

test('writers that overlap without end hold nobody up: each has to end once', async () => {
  const horizon = horizonReader();
  const first = await takeNumber(client(0));
  for (let turn = 0; turn < 6; turn += 1) {
    await horizon.now(0);
    await takeNumber(client((turn + 1) % 2));
    await client(turn % 2).query('commit');
  }
  expect(await horizon.now(0)).toBeGreaterThanOrEqual(first);
  await client(0).query('commit');
  await client(1).query('commit');
});

test('whoever only reads the ledger, or writes elsewhere, holds nothing up', async () => {
  const reader = client(0);
  await reader.query('begin');
  await reader.query('select count(*) from stock_movement');
  await reader.query(`create table elsewhere as select pg_current_xact_id()`);
  const number = await takeNumber(client(1));
  await client(1).query('commit');
  expect(await horizonReader().now(0)).toBe(number);
  await reader.query('rollback');
});

test('who listens from now on is not told the whole ledger while it is not known what is new', async () => {
  const held = await takeNumber(client(0));
  const unread = () => {
    throw new Error('read');
  };
  const listen = () =>
    new LiveFeed(horizonReader(), { movements: unread, alerts: unread }, systemClock).movements(newId(), {}, undefined);
  await expect(listen().next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await client(0).query('rollback');
  expect(await horizonReader().caughtUp(5_000)).toBeGreaterThanOrEqual(held);
});
