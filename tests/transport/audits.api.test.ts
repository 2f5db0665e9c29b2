import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { createTestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const AUDITS = 61;

let database: TestDatabase;
let app: App;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  ({ url } = await app.listen());
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

test('the audits of GraphQL over HTTP: all are ok', async () => {
  const results = await auditServer({ url: `${url}/graphql` });
  const others = results.filter(({ status }) => status !== 'ok').map((result) => `${result.status} ${result.id} ${result.name}`);
  expect(others).toEqual([]);
  expect(results).toHaveLength(AUDITS);
});
