import { afterAll, beforeAll, expect, test } from 'vitest';

import { createTestApp, testConfig } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const TOKEN = 'only-for-this-test-4711';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test.each([
  [TOKEN, 200],
  ['', 404],
])('with METRICS_TOKEN=%s the metrics answer %i', async (token, status) => {
  const app = await createTestApp(database, { config: testConfig({ METRICS_TOKEN: token }) });
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await app.inject({ method: 'GET', url: '/metrics', headers })).statusCode).toBe(status);
  await app.close();
});
