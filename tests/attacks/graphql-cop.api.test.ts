import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { createTestApp, testConfig } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/**
 * The twelve checks of graphql-cop (https://github.com/dolevf/graphql-cop), which asks as somebody without a key: each sends what the tool sends, and finds
 * something where the tool would.
 */
const ALIASES = 101;
const DIRECTIVES = 10;
const BATCH = 10;
const DUPLICATES = 500;

let database: TestDatabase;
let app: App;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database, { config: testConfig({ NODE_ENV: 'production' }) });
  ({ url } = await app.listen());
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>> | readonly unknown[] | undefined;
}

async function reply(path: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(new URL(path, url), { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, text, json: isJson ? (JSON.parse(text) as Reply['json']) : undefined };
}

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return reply('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const get = (search: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  reply(`/graphql${search}`, { headers });
const dataOf = ({ json }: Reply): Readonly<Record<string, unknown>> =>
  (json as { data?: Record<string, unknown> | null } | undefined)?.data ?? {};

describe('denial of service', () => {
  test('alias overloading', async () => {
    const aliases = Array.from({ length: ALIASES }, (_, n) => `alias${String(n)}:__typename`).join(' ');
    expect(dataOf(await post({ query: `query cop { ${aliases} }` }))).toEqual({});
  });

  test('array-based query batching', async () => {
    const { json } = await post(Array.from({ length: BATCH }, () => ({ query: 'query cop { __typename }' })));
    expect(Array.isArray(json)).toBe(false);
    expect(json).toHaveProperty('errors');
  });

  test('directive overloading', async () => {
    const { json } = await post({ query: `query cop { __typename ${'@aa'.repeat(DIRECTIVES)} }` });
    const { errors } = json as { errors: readonly unknown[] };
    // One error for each directive tells the tool that all were looked at.
    expect(errors.length).toBeLessThan(DIRECTIVES);
  });

  test('introspection that goes round in circles', async () => {
    const query = `query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }`;
    expect(dataOf(await post({ query }))).toEqual({});
  });

  test('field duplication', async () => {
    expect(dataOf(await post({ query: `query cop { ${'__typename \n'.repeat(DUPLICATES)} }` }))).toEqual({});
  });
});

describe('requests that another site can have a browser send', () => {
  test('a query by GET', async () => {
    expect(dataOf(await get('?query=query%20cop%20%7B__typename%7D'))).toEqual({});
  });

  test('a mutation by GET', async () => {
    const { status, text } = await get('?query=mutation%20cop%20%7B__typename%7D');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('"__typename"');
  });

  test('a query by POST as a form', async () => {
    const answer = await reply('/graphql', { method: 'POST', body: new URLSearchParams({ query: 'query cop { __typename }' }) });
    expect([answer.status, dataOf(answer)]).toEqual([415, {}]);
  });
});

describe('what is given away', () => {
  test('suggestions of fields', async () => {
    expect((await post({ query: 'query cop { __schema { directive } }' })).text).not.toMatch(/did you mean/i);
    expect((await post({ query: 'query cop { shopp { id } }' })).text).not.toMatch(/did you mean/i);
  });

  test('introspection', async () => {
    const { text, json } = await post({ query: 'query cop { __schema { types { name fields { name } } } }' });
    expect(json).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(text).not.toContain('StockItem');
  });

  test('a page for asking questions', async () => {
    for (const path of ['/', '/graphql', '/graphiql', '/playground', '/console', '/v1/graphql', '/altair', '/voyager']) {
      const { text } = await reply(path, { headers: { accept: 'text/html' } });
      expect([path, /graphiql|playground|sandbox|altair|voyager/i.test(text)]).toEqual([path, false]);
    }
  });

  test('tracing', async () => {
    const { json } = await post({ query: 'query cop { __typename }' }, { 'apollo-federation-include-trace': 'ftv1' });
    const { extensions = {} } = json as { extensions?: object };
    expect(extensions).not.toHaveProperty('tracing');
    expect(extensions).not.toHaveProperty('ftv1');
  });

  test('errors that nobody handled', async () => {
    for (const body of [{ query: 'qwerty cop { abc }' }, { query: 'query cop { __typename' }, { query: null }, {}]) {
      const { status, text } = await post(body);
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/exception|stacktrace|node_modules|INTERNAL_SERVER_ERROR/i);
    }
  });
});
