import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient, createTestApp, graphqlReply } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

let database: TestDatabase;
let app: App;
let client: GraphQLClient;
let secret: string;
let store: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  ({ secret } = await app.services.shops.create({ name: 'Posting', currency: 'ZAR', timeZone: 'Africa/Johannesburg' }));
  client = appClient(app, secret);
  const { locationCreate } = await client<{ locationCreate: { location: { id: string } } }>(
    'mutation { locationCreate(input: { code: "STORE", name: "Storeroom" }) { location { id } } }',
  );
  store = locationCreate.location.id;
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

let made = 0;
async function freshSku(): Promise<string> {
  made += 1;
  const sku = `POST-${String(made)}`;
  await client('mutation ($sku: String!) { stockItemCreate(input: { sku: $sku, name: $sku }) { userErrors { message } } }', {
    sku,
  });
  return sku;
}

interface Payload {
  movement: { id: string; quantity: string; balanceAfter: string; reversedBy: { id: string } | null } | null;
  movements: { id: string; quantity: string; balanceAfter: string; kind: string; location: { code: string } }[];
  level: { onHand: string; version: number; stockItem: { onHand: string } } | null;
  replayed: boolean;
  userErrors: { code: string; path: string[]; level?: { onHand: string } | null }[];
}

const PAYLOAD = `movement { id quantity balanceAfter reversedBy { id } }
  movements { id quantity balanceAfter kind location { code } }
  level { onHand version stockItem { onHand } } replayed userErrors { code path ... on StockError { level { onHand } } }`;

async function act(field: string, sku: string, quantity: unknown, more: Record<string, unknown> = {}): Promise<Payload> {
  const input = { key: newId(), stockItem: { sku }, location: store, quantity, ...more };
  const data = await client<Record<string, Payload>>(
    `mutation ($input: StockInput!) { ${field}(input: $input) { ${PAYLOAD} } }`,
    { input },
  );
  const payload = data[field];
  if (!payload) throw new Error('no payload');
  return payload;
}

describe('acts over GraphQL', () => {
  test('receive, issue, adjust and count change the level; the reply shows it', async () => {
    const sku = await freshSku();
    await act('stockReceive', sku, '10');
    await act('stockIssue', sku, 3);
    await act('stockAdjust', sku, '-0.5', { reason: 'spilt' });
    const counted = await act('stockCount', sku, '6');
    expect(counted).toMatchObject({
      movement: { quantity: '-0.5', balanceAfter: '6' },
      level: { onHand: '6', version: 4, stockItem: { onHand: '6' } },
      replayed: false,
      userErrors: [],
    });
  });

  test('a refusal carries the level and where the fault is', async () => {
    const sku = await freshSku();
    await act('stockReceive', sku, '2');
    const refused = await act('stockIssue', sku, '3');
    expect(refused).toMatchObject({
      movement: null,
      movements: [],
      level: { onHand: '2' },
      userErrors: [{ code: 'INSUFFICIENT_STOCK', path: ['quantity'], level: { onHand: '2' } }],
    });
  });

  test('a float is refused by the schema, because it is not exact', async () => {
    const sku = await freshSku();
    const { errors } = await graphqlReply(
      app,
      secret,
      'mutation ($input: StockInput!) { stockReceive(input: $input) { replayed } }',
      {
        input: { key: 'float', stockItem: { sku }, location: store, quantity: 1.5 },
      },
    );
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('exact') as string,
    });
  });

  test('two ways of naming the item at once are refused by the schema', async () => {
    const sku = await freshSku();
    const { errors } = await graphqlReply(
      app,
      secret,
      'mutation ($input: StockInput!) { stockReceive(input: $input) { replayed } }',
      {
        input: { key: 'both', stockItem: { sku, barcode: '123' }, location: store, quantity: 1 },
      },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('each act of a request sees what the one before it did, and so does all that is read with it', async () => {
    const sku = await freshSku();
    const input = (key: string) =>
      `input: { key: "${sku}-${key}", stockItem: { sku: "${sku}" }, location: "${store}", quantity: 2 }`;
    const reply = await client(`mutation {
      a: stockReceive(${input('a')}) { level { stockItem { onHand levels { onHand } } } }
      b: stockReceive(${input('b')}) { level { stockItem { onHand levels { onHand } } } }
    }`);
    expect(reply).toEqual({
      a: { level: { stockItem: { onHand: '2', levels: [{ onHand: '2' }] } } },
      b: { level: { stockItem: { onHand: '4', levels: [{ onHand: '4' }] } } },
    });
  });
});

describe('stockPost', () => {
  const POST = `mutation ($input: StockPostInput!) { stockPost(input: $input) { results { ${PAYLOAD} } userErrors { code path } } }`;
  const post = async (acts: object[], atomic?: boolean) =>
    (await client<{ stockPost: { results: Payload[]; userErrors: { code: string }[] } }>(POST, { input: { acts, atomic } }))
      .stockPost;
  const of = (sku: string, quantity: string) => ({ key: newId(), stockItem: { sku }, location: store, quantity });

  test('5 on hand, issue 3, issue 3: applied, refused', async () => {
    const sku = await freshSku();
    const { results } = await post([{ receive: of(sku, '5') }, { issue: of(sku, '3') }, { sale: of(sku, '3') }]);
    expect(results.map(({ movement, userErrors }) => userErrors[0] ?? movement?.balanceAfter)).toEqual([
      '5',
      '2',
      { code: 'INSUFFICIENT_STOCK', path: ['acts', '2', 'sale', 'quantity'], level: { onHand: '2' } },
    ]);
  });

  test('atomic: all or none', async () => {
    const sku = await freshSku();
    const { results } = await post([{ receive: of(sku, '5') }, { issue: of(sku, '6') }], true);
    expect(results.map(({ userErrors }) => userErrors[0]?.code)).toEqual(['NOT_APPLIED', 'INSUFFICIENT_STOCK']);
    expect((await act('stockReceive', sku, '1')).level?.onHand).toBe('1');
  });

  test('500 acts pass, 501 are refused as a whole', async () => {
    const sku = await freshSku();
    const acts = Array.from({ length: 500 }, () => ({ receive: of(sku, '1') }));
    const { results } = await post(acts);
    expect(results.at(-1)?.level?.onHand).toBe('500');
    const refused = await post([...acts, { receive: of(sku, '1') }]);
    expect(refused).toEqual({ results: [], userErrors: [{ code: 'INVALID', path: ['acts'] }] });
  });
});

test('a transfer shows both sides; its reversal undoes both and is linked from what it reversed', async () => {
  const sku = await freshSku();
  await act('stockReceive', sku, '5');
  const { locations } = await client<{ locations: { id: string; code: string }[] }>('{ locations { id code } }');
  const to = locations.find(({ code }) => code === 'SHOP')?.id;
  const { stockTransfer } = await client<{ stockTransfer: Payload & { from: { onHand: string }; to: { onHand: string } } }>(
    `mutation ($input: StockTransferInput!) { stockTransfer(input: $input) {
       movements { id kind quantity location { code } } from { onHand } to { onHand } userErrors { code } } }`,
    { input: { key: newId(), stockItem: { sku }, from: store, to, quantity: '2' } },
  );
  expect([stockTransfer.from.onHand, stockTransfer.to.onHand]).toEqual(['3', '2']);
  const [out] = stockTransfer.movements;
  const reverse = `mutation ($id: ID!, $key: ID!) { stockMovementReverse(id: $id, key: $key, reason: "mistake") { ${PAYLOAD} } }`;
  const { stockMovementReverse: undone } = await client<Record<string, Payload>>(reverse, { id: out?.id, key: newId() });
  expect(undone?.movements.map(({ kind, quantity }) => `${kind} ${quantity}`)).toEqual(['REVERSAL 2', 'REVERSAL -2']);
  const { node } = await client<{ node: { reversedBy: { id: string } } }>(
    'query ($id: ID!) { node(id: $id) { ... on StockMovement { reversedBy { id reverses { id } } } } }',
    { id: out?.id },
  );
  expect(node.reversedBy).toMatchObject({ id: undone?.movement?.id, reverses: { id: out?.id } });
});

test('without a key nothing is told; with a key of another role nothing is done', async () => {
  const nobody = await graphqlReply(app, undefined, '{ stockItems { nodes { id } } }');
  expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  const { apiKeyCreate } = await client<{ apiKeyCreate: { secret: string } }>(
    'mutation { apiKeyCreate(input: { name: "Auditor", role: READER }) { secret userErrors { message } } }',
  );
  const sku = await freshSku();
  const reader = await graphqlReply(
    app,
    apiKeyCreate.secret,
    `mutation { stockReceive(input: { key: "r", stockItem: { sku: "${sku}" }, quantity: 1 }) { replayed } }`,
  );
  expect(reader.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
