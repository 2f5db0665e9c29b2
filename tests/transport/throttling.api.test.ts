import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { projectFolder } from '../../src/platform/project-folder.js';
import { readManifest } from '../../src/transport/admission/persisted-operations.js';
import { readFileSync } from 'node:fs';
import { createTestApp, testConfig } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';

const MANIFEST = readManifest(readFileSync(projectFolder('schema', 'persisted-operations.json'), 'utf8'));
const PAGE = '{ stockItems(first: 50) { nodes { name levels { onHand } } } }';

let database: TestDatabase;
let shop: ShopFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  shop = await createShop(database.orm.em);
});
afterAll(() => database.drop());

async function withApp(env: Record<string, string>, act: (app: App) => Promise<void>): Promise<void> {
  const app = await createTestApp(database, { config: testConfig(env) });
  try {
    await act(app);
  } finally {
    await app.close();
  }
}

const post = (app: App, payload: object, { key = shop.secret, ...headers }: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/graphql', headers: { authorization: `Bearer ${key}`, ...headers }, payload });
const withoutKey = (app: App, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/graphql', headers, payload: { query: '{ __typename }' } });

interface Cost {
  requestedQueryCost: number;
  actualQueryCost: number;
  throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
}

describe('what is asked for costs', () => {
  test('each reply says what was asked for, what it came to, and what is left', async () => {
    await withApp({ COST_LIMIT: '60000', COST_RESTORE_PER_S: '10' }, async (app) => {
      const { data, extensions } = (await post(app, { query: PAGE })).json<{ data: object; extensions: { cost: Cost } }>();
      expect(data).toBeDefined();
      const { requestedQueryCost, actualQueryCost, throttleStatus } = extensions.cost;
      expect(requestedQueryCost).toBeGreaterThan(500);
      expect(actualQueryCost).toBeLessThan(20);
      expect(throttleStatus).toMatchObject({ maximumAvailable: 60_000, restoreRate: 10 });
      // What was not needed was given back.
      expect(throttleStatus.currentlyAvailable).toBeGreaterThan(60_000 - 25);
    });
  });

  test('who has asked for too much is told when to come again, and others are served', async () => {
    await withApp({ COST_LIMIT: '50000', COST_RESTORE_PER_S: '10' }, async (app) => {
      const greedy = '{ stockItems(first: 100) { nodes { stockMovements(first: 100) { nodes { quantity } } } } }';
      const replies = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => post(app, { query: greedy })));
      const refused = replies.find(({ statusCode }) => statusCode === 429);
      expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused?.json()).toMatchObject({
        errors: [
          {
            extensions: {
              code: 'TOO_MANY_REQUESTS',
              requestId: expect.any(String) as string,
              cost: { throttleStatus: { restoreRate: 10 } },
            },
          },
        ],
      });
      expect(refused?.body).not.toContain('http":');
      const other = await createShop(database.orm.em);
      expect((await post(app, { query: PAGE }, { key: other.secret })).statusCode).toBe(200);
    });
  });

  test('by default a shop at full speed is not held up', async () => {
    await withApp({}, async (app) => {
      const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await post(app, { query: PAGE })).statusCode));
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
});

describe('strangers', () => {
  test('without a key, or with a wrong one, an address may ask so often; a good key of the same address is served', async () => {
    await withApp({ STRANGERS_PER_MINUTE: '5' }, async (app) => {
      for (let n = 0; n < 3; n += 1) expect((await withoutKey(app)).statusCode).toBe(200);
      for (let n = 0; n < 2; n += 1) expect((await post(app, { query: PAGE }, { key: 'wrong' })).statusCode).toBe(401);
      for (const response of [await withoutKey(app), await post(app, { query: PAGE }, { key: 'wrong' })]) {
        expect(response.statusCode).toBe(429);
        expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
        expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }] });
      }
      expect((await post(app, { query: PAGE })).statusCode).toBe(200);
    });
  });

  test('an address is what its connection says, whatever it writes, unless a proxy that is trusted says otherwise', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address });
    await withApp({ STRANGERS_PER_MINUTE: '2' }, async (app) => {
      for (const address of ['192.0.2.1', '192.0.2.2']) expect((await withoutKey(app, from(address))).statusCode).toBe(200);
      expect((await withoutKey(app, from('192.0.2.3'))).statusCode).toBe(429);
    });
    await withApp({ STRANGERS_PER_MINUTE: '1', TRUSTED_PROXIES: '127.0.0.1' }, async (app) => {
      for (const address of ['192.0.2.1', '192.0.2.2']) expect((await withoutKey(app, from(address))).statusCode).toBe(200);
      expect((await withoutKey(app, from('192.0.2.2'))).statusCode).toBe(429);
      // The first of a list is what anybody can write.
      expect((await withoutKey(app, from('198.51.100.9, 192.0.2.2'))).statusCode).toBe(429);
    });
  });

  test.each([
    ['a wrong key at the door for scans', 'POST', '/scan/sr_0000000000000000000000000000000000000000', 401],
    ['no key at the door for scans', 'POST', '/scan', 401],
    ['a link that is none', 'GET', '/unsubscribe/nothing', 404],
    ['a link that is none, followed', 'POST', '/unsubscribe/nothing', 404],
  ] as const)('%s counts too; a good key is served', async (_, method, url, status) => {
    await withApp({ STRANGERS_PER_MINUTE: '3', PUBLIC_URL: 'http://shop.example.com' }, async (app) => {
      const ask = async () => (await app.inject({ method, url })).statusCode;
      expect([await ask(), await ask(), await ask(), await ask()]).toEqual([status, status, status, 429]);
      const headers = { authorization: `Bearer ${shop.secret}` };
      expect((await app.inject({ method: 'POST', url: '/scan', headers, payload: 'nothing' })).statusCode).toBe(422);
    });
  });
});

describe('persisted operations', () => {
  const [shopOperation] = MANIFEST.operations;
  const byHash = (id: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });

  test('are asked for by their ids, in either habit, by POST and by GET', async () => {
    await withApp({}, async (app) => {
      const id = shopOperation?.id ?? '';
      const get = await app.inject({
        url: `/graphql?${new URLSearchParams({ extensions: JSON.stringify(byHash(id).extensions) }).toString()}`,
        headers: { authorization: `Bearer ${shop.secret}` },
      });
      for (const response of [await post(app, { id }), await post(app, byHash(id)), get]) {
        expect(response.json()).toMatchObject({ data: { shop: { currency: 'ZAR' } } });
      }
      expect((await post(app, byHash('a'.repeat(64)))).json()).toMatchObject({
        errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      });
    });
  });

  test('where nothing else is taken, their own texts are, and no others', async () => {
    await withApp({ PERSISTED_OPERATIONS: 'only' }, async (app) => {
      const { id = '', body = '' } = shopOperation ?? {};
      const spaced = `# the same\n${body.replaceAll('\n', '\n\n')}`;
      for (const payload of [{ id }, { query: body }, { query: spaced }]) {
        expect((await post(app, payload)).json()).toMatchObject({ data: { shop: { currency: 'ZAR' } } });
      }
      for (const query of ['{ shop { id } }', `${body} query Other { shop { id } }`, PAGE]) {
        const refused = await post(app, { query, operationName: 'Other' });
        expect(refused.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
        // The id of one does not let in the text of another.
        expect((await post(app, { id, query })).json()).toMatchObject({
          errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
        });
      }
    });
  });
});
