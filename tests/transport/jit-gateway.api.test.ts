import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';
import { CATEGORY, changed, counted, ITEMS } from './small-shop.js';

interface Answer {
  status: number;
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown[]; extensions: { code: string; requestId?: string } }[];
}

let shop: SmallShop;
beforeAll(async () => {
  shop = await startSmallShop();
});
afterAll(() => shop.server.close());
beforeEach(() => {
  counted.times = 0;
});

async function ask(query: string, variables?: object, key: string = KEYS.owner): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, accept: 'application/graphql-response+json' };
  const response = await shop.server.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } });
  return { status: response.statusCode, ...response.json<object>() };
}

async function received(query: string, variables?: object): Promise<unknown> {
  const { data, errors } = await ask(query, variables);
  expect(errors).toBeUndefined();
  return JSON.parse(String(data?.received));
}

describe('interfaces and ids', () => {
  test('node gives the type of an entity and its global id', async () => {
    const [item] = ITEMS;
    const id = toGlobalId('StockItem', item?.id ?? '');
    const { data } = await ask('query N($id: ID!) { node(id: $id) { __typename id ... on StockItem { name price } } }', { id });
    expect(data?.node).toEqual({ __typename: 'StockItem', id, name: 'Item 1', price: '1.5' });
    expect((await ask('{ node(id: "x") { id } }')).data).toEqual({ node: null });
  });

  test('a list of nodes with holes and several types', async () => {
    const query =
      '{ nodes { ...Named } } fragment Named on Node { __typename ... on Category { name } ... on StockItem { category { id } } }';
    const food = { id: toGlobalId('Category', CATEGORY.id) };
    expect((await ask(query)).data?.nodes).toEqual([
      { __typename: 'StockItem', category: food },
      null,
      { __typename: 'Category', name: 'Food' },
    ]);
  });

  test('user errors come with their own type', async () => {
    const query =
      'mutation U($r: String) { itemUpdate(refuse: $r) { item { name } userErrors { __typename code path ... on StockError { level } } } }';
    expect((await ask(query)).data?.itemUpdate).toEqual({ item: { name: 'Item 1' }, userErrors: [] });
    const simple = { __typename: 'SimpleError', code: 'INVALID', path: ['name'] };
    expect((await ask(query, { r: 'simple' })).data?.itemUpdate).toEqual({ item: null, userErrors: [simple] });
    const stock = { __typename: 'StockError', code: 'INSUFFICIENT_STOCK', path: [], level: '5' };
    expect((await ask(query, { r: 'stock' })).data?.itemUpdate).toEqual({ item: null, userErrors: [stock] });
  });
});

describe('connections', () => {
  test('page on, and count only when asked', async () => {
    const query =
      'query P($first: Int, $after: String) { items(first: $first, after: $after) { edges { cursor node { name } } pageInfo { hasNextPage endCursor } } }';
    const first = (await ask(query, {})).data?.items as {
      edges: unknown[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    expect(first.edges).toHaveLength(2);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await ask(query, { first: 100, after: first.pageInfo.endCursor });
    expect(second.data?.items).toMatchObject({ edges: [{ node: { name: 'Item 3' } }], pageInfo: { hasNextPage: false } });
    expect(counted.times).toBe(0);
    expect((await ask('{ items { totalCount nodes { name } } }')).data?.items).toMatchObject({ totalCount: 3 });
    expect(counted.times).toBe(1);
  });

  test.each([['first: 101'], ['first: 0'], ['after: "abc"']])("%s is the client's error", async (args) => {
    const { errors } = await ask(`{ items(${args}) { totalCount } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('arguments reach resolvers as graphql-js gives them', () => {
  test('defaults', async () => {
    const patch = { amount: '2', colour: 'internal blue' };
    expect(await received('{ received }')).toEqual({ amount: '2' });
    expect(await received('query R($q: Decimal = "2.5") { received(quantity: $q) }')).toEqual({ amount: '3.5' });
    expect(await received('query R($c: Colour = RED) { received(patch: {colour: $c}) }')).toMatchObject({
      patch: { amount: '2', colour: 'internal red' },
    });
    expect(await received('query R($p: ItemPatch) { received(patch: $p) }', { p: {} })).toEqual({ amount: '2', patch });
    expect(await received('{ received(patch: {}) }')).toEqual({ amount: '2', patch });
    expect(await received('query R($p: ItemPatch = {colour: RED}) { received(patch: $p) }')).toMatchObject({
      patch: { amount: '2', colour: 'internal red' },
    });
  });

  test('literals and variables, alone and nested', async () => {
    const expected = { at: 1_700_000_000_000, amount: '2.25', patch: { amount: '1.5', colour: 'internal red' } };
    const literal = '{ received(at: "2023-11-14T22:13:20Z", quantity: "1.25", patch: {amount: "0.5", colour: RED}) }';
    expect(await received(literal)).toMatchObject(expected);
    const variable =
      'query R($at: DateTime, $q: Decimal, $a: Decimal, $c: Colour) { received(at: $at, quantity: $q, patch: {amount: $a, colour: $c}) }';
    expect(await received(variable, { at: '2023-11-14T22:13:20Z', q: '1.25', a: '0.5', c: 'RED' })).toMatchObject(expected);
  });

  test('in a patch an absent variable is absent, and null is null', async () => {
    const query = 'query R($n: String) { received(patch: {name: $n}) }';
    expect(await received(query, {})).toEqual({ amount: '2', patch: { amount: '2', colour: 'internal blue' } });
    expect(await received(query, { n: null })).toMatchObject({ patch: { name: null } });
  });

  test('enums go out by name', async () => {
    expect((await ask('{ colour }')).data).toEqual({ colour: 'RED' });
  });
});

describe('@oneOf', () => {
  const byVariable = 'query R($by: ItemRef) { received(by: $by) }';
  test.each([[{}], [{ id: 'a', name: 'b' }], [{ id: null }], [{ id: 'a', name: null }]])(
    'refuses %j in a variable',
    async (by) => {
      const { status, errors, data } = await ask(byVariable, { by });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(status).toBe(400);
      expect(data).toBeUndefined();
    },
  );

  test('is checked inside lists and beside literals', async () => {
    const inList = await ask('query R($p: ItemPatch) { received(patch: $p) }', {
      p: { refs: [{ id: 'a' }, { id: 'a', name: 'b' }] },
    });
    expect(inList.errors?.[0]?.message).toContain('Exactly one key');
    expect((await ask('{ received(by: {id: "a", name: "b"}) }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await ask('query R($n: String) { received(by: {name: $n}) }', {})).errors?.[0]?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect(await received(byVariable, { by: { name: 'b' } })).toMatchObject({ by: { name: 'b' } });
  });
});

describe('errors', () => {
  test('a bad variable says what is wrong with it', async () => {
    const { status, errors } = await ask('query R($q: Decimal) { received(quantity: $q) }', { q: 0.1 });
    expect(errors?.[0]?.message).toContain('a float is refused because it is not exact');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(status).toBe(400);
  });

  test('what a resolver did not expect is masked, and found again by its request id', async () => {
    const { data, errors } = await ask('{ hello fails(how: "bug") }');
    expect(data).toEqual({ hello: 'world', fails: null });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: 'Internal server error',
      path: ['fails'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    const line = shop
      .logs()
      .split('\n')
      .find((text) => text.includes(errors?.[0]?.extensions.requestId ?? 'none') && text.includes('unexpectedly'));
    expect(line).toContain('secret of the database');
    expect(line).toContain('small-shop.ts');
  });

  test('a refusal that escapes is masked, a request error is not', async () => {
    expect((await ask('{ fails(how: "domain") }')).errors?.[0]?.message).toBe('Internal server error');
    expect((await ask('{ fails(how: "request") }')).errors?.[0]).toMatchObject({
      message: 'Ask otherwise.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    const bug = await ask('mutation { itemUpdate(refuse: "bug") { userErrors { code } } }');
    expect(bug).toMatchObject({ data: null, errors: [{ message: 'Internal server error', path: ['itemUpdate'] }] });
  });

  test('a value that its type cannot show leaves a hole in a nullable list', async () => {
    const { data, errors } = await ask('{ holes }');
    expect(data?.holes).toEqual([1, null, null, 4]);
    expect(errors?.[0]).toMatchObject({ message: 'Internal server error', path: ['holes', 2] });
  });

  test('an operation that the document lacks', async () => {
    const payload = { query: 'query A { hello } query B { hello }', operationName: 'C' };
    const response = await shop.server.inject({ method: 'POST', url: '/graphql', payload });
    expect(response.body).toContain('OPERATION_RESOLUTION_FAILURE');
    const two = await shop.server.inject({ method: 'POST', url: '/graphql', payload: { ...payload, operationName: 'B' } });
    expect(two.json()).toMatchObject({ data: { hello: 'world' } });
  });

  test.each([
    ['GET', '?operationName=&query=mutation{itemUpdate{item{name}}}', undefined],
    ['POST', '', { query: 'mutation { itemUpdate { item { name } } }', operationName: '' }],
  ] as const)('an operation with an empty name is none, by %s: nothing runs', async (method, search, payload) => {
    const before = changed.times;
    const headers = { authorization: `Bearer ${KEYS.owner}`, accept: 'application/graphql-response+json' };
    const response = await shop.server.inject({ method, url: `/graphql${search}`, headers, ...(payload && { payload }) });
    expect(response.statusCode).toBe(400);
    expect(response.body).toContain('OPERATION_RESOLUTION_FAILURE');
    expect(changed.times).toBe(before);
  });
});

describe('the rest of the language', () => {
  test('skip and include, by variables and in fragments', async () => {
    const query =
      'query S($yes: Boolean!) { a: hello @skip(if: $yes) ...F @include(if: $yes) ... @skip(if: $yes) { c: hello } } fragment F on Query { b: hello }';
    expect((await ask(query, { yes: true })).data).toEqual({ b: 'world' });
    expect((await ask(query, { yes: false })).data).toEqual({ a: 'world', c: 'world' });
  });

  test('introspection shows @oneOf and nothing of the machinery', async () => {
    const { data, errors } = await ask(getIntrospectionQuery({ oneOf: true }));
    expect(errors).toBeUndefined();
    const { types } = data?.__schema as { types: { name: string; isOneOf: boolean | null }[] };
    expect(types.find(({ name }) => name === 'ItemRef')?.isOneOf).toBe(true);
    expect(types.find(({ name }) => name === 'ItemPatch')?.isOneOf).toBe(false);
    expect(types.map(({ name }) => name)).not.toContain('PassedThrough');
  });

  test('too deep a query is refused', async () => {
    const depth = 21;
    const { errors } = await ask(
      `{ __schema ${'{ types '.repeat(1)} ${'{ ofType '.repeat(depth)} { name } ${'}'.repeat(depth + 1)} }`,
    );
    expect(errors?.some(({ message }) => message.includes('nested deeper than 20'))).toBe(true);
  });
});
