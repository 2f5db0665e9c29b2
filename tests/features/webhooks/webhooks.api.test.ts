import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { createTestApp, appClient, graphqlReply, testConfig } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { answers, MisbehavingServer } from '../../support/misbehaving-server.js';
import { verified } from './webhook-bench.js';

const CREATE = `mutation ($url: String!, $kinds: [WebhookKind!]!) {
  webhookEndpointCreate(input: { url: $url, kinds: $kinds }) { secret endpoint { id url kinds enabled } userErrors { code path message } }
}`;
const DELIVERIES = `query ($state: WebhookDeliveryState, $endpoint: ID) {
  webhookDeliveries(state: $state, endpoint: $endpoint, first: 10) {
    totalCount nodes { id eventType sequence state attempts lastStatus reason nextTryAt endedAt endpoint { id } }
  }
}`;

interface Made {
  webhookEndpointCreate: { secret: string; endpoint: { id: string; url: string } | null; userErrors: object[] };
}

interface Delivery {
  readonly id: string;
  readonly eventType: string;
  readonly state: string;
}

let database: TestDatabase;
let app: App;
let far: MisbehavingServer;
let owner: GraphQLClient;
let key: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database, { config: testConfig({ WEBHOOK_ALLOW_HOSTS: '127.0.0.1' }) });
});
beforeEach(async () => {
  far = await MisbehavingServer.open();
  const { secret } = await app.services.shops.create({ name: 'Hooks', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  [key, owner] = [secret, appClient(app, secret)];
});
afterEach(() => far.close());
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function listen(kinds: readonly string[], url = `${far.url}/hooks`) {
  const { webhookEndpointCreate } = await owner<Made>(CREATE, { url, kinds });
  return { secret: webhookEndpointCreate.secret, id: webhookEndpointCreate.endpoint?.id ?? '' };
}

async function deliveries(variables: Record<string, unknown> = {}): Promise<Delivery[]> {
  return (await owner<{ webhookDeliveries: { nodes: Delivery[] } }>(DELIVERIES, variables)).webhookDeliveries.nodes;
}

const SELL = `mutation { stockItemCreate(input: { sku: "BREAD", name: "Bread" }) { stockItem { id } userErrors { code } }
  stockReceive(input: { key: "in", stockItem: { sku: "BREAD" }, quantity: "1" }) { movement { id } userErrors { code } }
  stockIssue(input: { key: "out", stockItem: { sku: "BREAD" }, quantity: "1" }) { movement { id } userErrors { code } } }`;

test('from a mutation to the receiver: items, movements and alerts, each once, signed, in the order of their numbers', async () => {
  // The actor is known to the cache by now, as one whom nobody listens to.
  await owner('{ shop { name } }');
  const { secret, id } = await listen(['MOVEMENT', 'ITEM', 'ALERT']);
  const sold = await owner<{ stockReceive: { movement: { id: string } } }>(SELL);
  await app.outbox.drain();
  const bodies = far.requests.map((request) => verified(secret, request));
  expect(bodies.map(({ type }) => type).toSorted()).toEqual([
    'item.created',
    'stock.alert.opened',
    'stock.movement.posted',
    'stock.movement.posted',
  ]);
  expect(bodies.map(({ sequence }) => sequence).toSorted()).toEqual([1, 2, 3, 4]);
  expect(bodies.map(({ data }) => (data as { id: string }).id)).toContain(sold.stockReceive.movement.id);
  const listed = await deliveries({ endpoint: id });
  expect(listed.map(({ state }) => state)).toEqual(listed.map(() => 'DELIVERED'));
  expect(far.requests.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(listed.map((each) => each.id).toSorted());
});

test('a ping is sent, and its delivery is found by its id', async () => {
  const { secret, id } = await listen(['ITEM']);
  const { webhookEndpointTest } = await owner<{ webhookEndpointTest: { delivery: Delivery } }>(
    'mutation ($id: ID!) { webhookEndpointTest(id: $id) { delivery { id state eventType } userErrors { code } } }',
    { id },
  );
  expect(webhookEndpointTest.delivery).toMatchObject({ state: 'PENDING', eventType: 'webhook.ping' });
  await app.outbox.drain();
  const [request] = far.requests;
  expect(request && verified(secret, request)).toMatchObject({ type: 'webhook.ping', sequence: 1, data: { actor: 'Owner' } });
  const { node } = await owner<{ node: Delivery }>(
    'query ($id: ID!) { node(id: $id) { ... on WebhookDelivery { state body } } }',
    {
      id: webhookEndpointTest.delivery.id,
    },
  );
  expect(node).toEqual({ state: 'DELIVERED', body: request?.body.toString() });
});

describe('what was not delivered', () => {
  async function failed() {
    far.behave(answers(500, ''));
    const { id, secret } = await listen(['ITEM']);
    await owner('mutation { stockItemCreate(input: { sku: "BREAD", name: "Bread" }) { userErrors { code } } }');
    await app.outbox.drain();
    const [delivery] = await deliveries();
    // As if 72 hours had passed.
    await database.orm.em
      .fork()
      .execute("update webhook_delivery set state = 'DEAD', next_try_at = null, ended_at = now() where state = 'PENDING'");
    return { id, secret, delivery: delivery?.id ?? '' };
  }

  test('is listed with what went wrong, and sent again one by one or all together under the same id', async () => {
    const { id, secret, delivery } = await failed();
    const [dead] = await deliveries({ state: 'DEAD', endpoint: id });
    expect(dead).toMatchObject({
      ...{ id: delivery, state: 'DEAD', attempts: 1, lastStatus: 500, reason: 'The receiver answered 500.' },
      ...{ nextTryAt: null, endpoint: { id } },
    });
    const replayAll = 'mutation ($id: ID!) { webhookDeliveriesReplay(endpoint: $id) { count userErrors { code } } }';
    expect(await owner(replayAll, { id })).toEqual({ webhookDeliveriesReplay: { count: 1, userErrors: [] } });
    far.behave(answers(200, ''));
    await app.outbox.drain();
    expect(await owner(replayAll, { id })).toEqual({ webhookDeliveriesReplay: { count: 0, userErrors: [] } });
    const replay = 'mutation ($id: ID!) { webhookDeliveryReplay(id: $id) { delivery { state } userErrors { code } } }';
    expect(await owner(replay, { id: delivery })).toEqual({
      webhookDeliveryReplay: { delivery: { state: 'PENDING' }, userErrors: [] },
    });
    await app.outbox.drain();
    expect(await deliveries({ state: 'DELIVERED' })).toMatchObject([
      { id: delivery, attempts: 3, lastStatus: 200, reason: null },
    ]);
    expect(new Set(far.requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery]));
    expect(far.requests.map((request) => verified(secret, request).sequence)).toEqual([1, 1, 1]);
  });

  test('is nothing to another shop, and nothing to who may not see webhooks', async () => {
    const { id, delivery } = await failed();
    const other = await app.services.shops.create({ name: 'Other', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
    const theirs = appClient(app, other.secret);
    const look = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } webhookEndpoints { id } webhookDeliveries { totalCount } }';
    expect(await theirs(look, { ids: [id, delivery] })).toEqual({
      nodes: [null, null],
      webhookEndpoints: [],
      webhookDeliveries: { totalCount: 0 },
    });
    const { apiKeyCreate } = await owner<{ apiKeyCreate: { secret: string } }>(
      'mutation { apiKeyCreate(input: { name: "Manager", role: MANAGER }) { secret } }',
    );
    const manager = appClient(app, apiKeyCreate.secret);
    expect(await manager('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [id, delivery] })).toEqual({
      nodes: [null, null],
    });
    const { errors } = await graphqlReply(app, apiKeyCreate.secret, '{ webhookDeliveries { nodes { body } } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

test('no secret is shown after it was made', async () => {
  const { secret } = await listen(['ITEM']);
  const reply = await graphqlReply(app, key, '{ webhookEndpoints { id url kinds enabled description goneAt } }');
  expect(JSON.stringify(reply)).not.toContain(secret);
  const fields = await graphqlReply(app, key, '{ __type(name: "WebhookEndpoint") { fields { name } } }');
  expect(JSON.stringify(fields)).not.toMatch(/"(secret|previousSecret)"/);
});

test('a URL within is refused next to its field', async () => {
  const reply = await owner<Made>(CREATE, { url: 'https://localhost/hooks', kinds: ['ITEM'] });
  expect(reply.webhookEndpointCreate).toMatchObject({
    endpoint: null,
    secret: null,
    userErrors: [{ code: 'INVALID', path: ['url'] }],
  });
});
