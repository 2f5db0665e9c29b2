import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

const JOBS = `query ($state: OutboxJobState, $first: Int, $after: String) { outboxJobs(state: $state, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { id task subject state attempts reason setAsideAt } } }`;
const REPLAY = `mutation ($id: ID!) { outboxJobReplay(id: $id) { outboxJob { id state attempts reason } userErrors { code path } } }`;

interface Jobs {
  outboxJobs: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: { id: string; task: string; reason: string }[];
  };
}

let database: TestDatabase;
let app: App;
let client: GraphQLClient;
let shopId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  const { secret, shop } = await app.services.shops.create({ name: 'Jobs', currency: 'ZAR', timeZone: 'UTC' });
  client = appClient(app, secret);
  shopId = shop.id;
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function leave(key: string, reason: string | null): Promise<void> {
  await database.orm.em.fork().execute(
    `insert into outbox_job (id, shop_id, task, key, payload, created_at, run_at, attempts, error, set_aside_at)
     values (?, ?, 'product.look-up', ?, '{}', now(), now() + interval '1 hour', 3, ?, ?)`,
    [newId(), shopId, key, reason, reason === null ? null : new Date()],
  );
}

test('what was set aside is listed with its reason, and replayed once', async () => {
  for (const key of ['a', 'b', 'c']) await leave(key, `no answer for ${key}`);
  await leave('waiting', null);
  const { outboxJobs: first } = await client<Jobs>(JOBS, { first: 2 });
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect(first.nodes[0]).toMatchObject({
    task: 'product.look-up',
    subject: 'a',
    state: 'SET_ASIDE',
    attempts: 3,
    reason: 'no answer for a',
  });
  const { outboxJobs: rest } = await client<Jobs>(JOBS, { first: 2, after: first.pageInfo.endCursor });
  expect(rest.nodes).toHaveLength(1);
  const id = first.nodes[0]?.id;
  expect(await client(REPLAY, { id })).toMatchObject({
    outboxJobReplay: { outboxJob: { id, state: 'WAITING', attempts: 0 }, userErrors: [] },
  });
  expect(await client(REPLAY, { id })).toMatchObject({
    outboxJobReplay: { outboxJob: null, userErrors: [{ code: 'ALREADY_DONE', path: ['id'] }] },
  });
  const { outboxJobs: waiting } = await client<Jobs>(JOBS, { state: 'WAITING' });
  expect(waiting.totalCount).toBe(2);
});

test('what waits again under the same subject is not replayed beside it', async () => {
  await leave('d', 'no answer for d');
  await leave('d', null);
  const { outboxJobs } = await client<Jobs>(JOBS, { first: 100 });
  const id = outboxJobs.nodes.find(({ reason }) => reason.endsWith('d'))?.id;
  expect(await client(REPLAY, { id })).toMatchObject({ outboxJobReplay: { userErrors: [{ code: 'ALREADY_DONE' }] } });
});

test('only the owner sees it, by its id too', async () => {
  const { outboxJobs } = await client<Jobs>(JOBS, { state: 'WAITING' });
  const id = outboxJobs.nodes[0]?.id;
  const { apiKeyCreate } = await client<{ apiKeyCreate: { secret: string } }>(
    `mutation { apiKeyCreate(input: { name: "Manager", role: MANAGER }) { secret } }`,
  );
  const manager = appClient(app, apiKeyCreate.secret);
  const NODE = `query ($id: ID!) { node(id: $id) { id } }`;
  expect(await client(NODE, { id })).toEqual({ node: { id } });
  expect(await manager(NODE, { id })).toEqual({ node: null });
  await expect(manager(JOBS)).rejects.toThrow('FORBIDDEN');
});
