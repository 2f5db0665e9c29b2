import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallShop, type SmallShop } from './small-shop.js';

let shop: SmallShop;
let url: string;
beforeAll(async () => {
  shop = await startSmallShop();
  ({ url } = await shop.server.listen());
});
afterAll(() => shop.server.close());

test('the audits of GraphQL over HTTP: all 61 are ok', async () => {
  const results = await auditServer({ url: `${url}/graphql` });
  const others = results.filter(({ status }) => status !== 'ok').map((result) => `${result.status} ${result.id} ${result.name}`);
  expect(others).toEqual([]);
  expect(results).toHaveLength(61);
});
