import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { createTestApp, graphqlReply, testConfig } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';
import type { Attack } from './attack.js';
import { credentialAttacks } from './credential-attacks.js';
import { DOCUMENT_ATTACKS } from './document-attacks.js';
import { REQUEST_ATTACKS } from './request-attacks.js';
import { SCHEMA_ATTACKS } from './schema-attacks.js';
import { send } from './send.js';

/** check-attacks.ts holds the server to 100 ms; a machine that does ten other things at once is given longer. */
const PATIENCE_MS = 2_000;
/** No refusal is worth more. */
const MAX_REFUSAL_CHARACTERS = 16_384;
const HTTP_SERVER_ERROR = 500;
/** Said by Node itself, before there is a request. */
const HEADERS_TOO_LARGE = 431;
const ACTS = 500;
/** Of the form of a key; the attacks upon the true one are made once there is one. */
const ANY_KEY = `sk_${'a'.repeat(40)}`;

let database: TestDatabase;
let app: App;
let shop: ShopFixture;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database, { config: testConfig({ NODE_ENV: 'production' }) });
  shop = await createShop(database.orm.em, { items: 60 });
  ({ url } = await app.listen());
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const ask = (query: string, variables?: Record<string, unknown>) => graphqlReply(app, shop.secret, query, variables);

interface Refusal {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

async function expectRefusal(attack: Attack): Promise<void> {
  const { status, body, ms } = await send(url, attack, shop.secret);
  if (status === 0) {
    expect(attack.isCutOff).toBe(true);
    return;
  }
  expect([status, status < HTTP_SERVER_ERROR]).toEqual([status, true]);
  expect([body.length < MAX_REFUSAL_CHARACTERS, body.slice(0, 200)]).toEqual([true, expect.any(String)]);
  expect(body).not.toMatch(/node_modules|\bat .*\.[jt]s:\d|\bselect .* from\b/i);
  if (attack.says) expect(body).toMatch(attack.says);
  // The owner may see the schema, and so be told how a name is spelt.
  if (attack.as === 'NOBODY') expect(body).not.toMatch(/did you mean/i);
  if (status !== HEADERS_TOO_LARGE) expectErrors(JSON.parse(body) as Refusal);
  expect(ms).toBeLessThan(PATIENCE_MS);
}

/** Each says what kind it is and by what name it stands in the log, and none that the server was at fault. */
function expectErrors({ data, errors }: Refusal): void {
  expect(isNothing(data)).toBe(true);
  expect(errors.length).toBeGreaterThan(0);
  for (const { extensions = {} } of errors) {
    expect(extensions.code).toMatch(/^(?!INTERNAL)[A-Z_]+$/);
    expect(extensions.requestId).toMatch(/^[\w.-]{8,64}$/);
  }
}

function isNothing(data: Refusal['data']): boolean {
  return data === undefined || data === null || Object.values(data).every((value) => value === null);
}

const rows = (attacks: readonly Attack[]) => attacks.map((attack) => [attack.name, attack] as const);

describe('what may be asked under these limits', () => {
  test('a page of 50 items with all of their relations', async () => {
    const reply = await ask(
      '{ stockItems(first: 50) { nodes { sku barcodes { value } category { name parent { name } path { name } } levels { onHand location { name parent { name } } } stockMovements(first: 20) { nodes { quantity } } } } }',
    );
    expect(reply.errors).toBeUndefined();
  });

  test.each([
    ['as variables', false],
    ['written out', true],
  ])('500 acts in one stockPost, %s', async (_, isLiteral) => {
    const acts = Array.from({ length: ACTS }, (_none, n) => ({
      receive: { key: `${String(isLiteral)}-${String(n)}`, stockItem: { sku: `SKU-${String((n % 60) + 1)}` }, quantity: 1 },
    }));
    const literal = JSON.stringify(acts).replace(/"(\w+)":/g, '$1: ');
    const { data, errors } = isLiteral
      ? await ask(`mutation { stockPost(input: { acts: ${literal} }) { results { replayed } userErrors { code } } }`)
      : await ask(
          'mutation ($input: StockPostInput!) { stockPost(input: $input) { results { replayed } userErrors { code } } }',
          { input: { acts } },
        );
    expect(errors).toBeUndefined();
    const { stockPost } = data as { stockPost: { results: unknown[]; userErrors: unknown[] } };
    expect([stockPost.results.length, stockPost.userErrors]).toEqual([ACTS, []]);
  });
});

describe('attacks are refused in a moment, and say nothing', () => {
  test.each(rows(DOCUMENT_ATTACKS))('%s', (_, attack) => expectRefusal(attack));
  test.each(rows(SCHEMA_ATTACKS))('%s', (_, attack) => expectRefusal(attack));
  test.each(rows(REQUEST_ATTACKS))('%s', (_, attack) => expectRefusal(attack));
  test.each(rows(credentialAttacks(ANY_KEY)).map(([name], index) => [name, index] as const))('%s', async (_, index) => {
    const attack = credentialAttacks(shop.secret)[index];
    expect(attack).toBeDefined();
    if (attack) await expectRefusal(attack);
  });
});

test('nothing came of any of them', async () => {
  const { data } = await ask('{ category(by: { code: "ATTACK" }) { id } }');
  expect(data).toEqual({ category: null });
  expect({}).not.toHaveProperty('query');
});
