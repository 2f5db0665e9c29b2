import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, testConfig } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';

const AUDITS = 61;

let database: TestDatabase;
let shop: ShopFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  shop = await createShop(database.orm.em);
});
afterAll(() => database.drop());

test.each([
  ['by anybody', {}, false],
  ['in production by a key that may introspect', { NODE_ENV: 'production' }, true],
])('the audits of GraphQL over HTTP, asked %s: all are ok', async (_, env: Record<string, string>, withKey) => {
  const app = await createTestApp(database, { config: testConfig(env) });
  try {
    const { url } = await app.listen();
    const results = await auditServer({
      url: `${url}/graphql`,
      fetchFn: (address: string, init: RequestInit = {}) => {
        const headers = new Headers(init.headers);
        if (withKey) headers.set('authorization', `Bearer ${shop.secret}`);
        return fetch(address, { ...init, headers });
      },
    });
    const others = results
      .filter(({ status }) => status !== 'ok')
      .map((result) => `${result.status} ${result.id} ${result.name}`);
    expect(others).toEqual([]);
    expect(results).toHaveLength(AUDITS);
  } finally {
    await app.close();
  }
});
