import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { newId } from '../../src/kernel/ids.js';
import { quantity } from '../../src/kernel/quantity.js';
import { createTestApp, graphqlReply } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';

let database: TestDatabase;
let app: App;
let shop: ShopFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  shop = await createShop(database.orm.em);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const ask = (query: string, variables?: Record<string, unknown>) => graphqlReply(app, shop.secret, query, variables);
const movements = (fields: string) => `stockMovements(first: 100) { nodes { ${fields} } }`;
const items = (fields: string) => `stockItems(first: 100) { nodes { ${fields} } }`;
const SIX = [1, 2, 3, 4, 5, 6].map(String);

test.each([
  [
    'histories within histories',
    `{ stockItem(by: { sku: "SKU-1" }) { ${movements(`stockItem { ${movements(`stockItem { ${movements('id')} }`)} }`)} } }`,
  ],
  ['aliases of large pages', `{ ${SIX.map((n) => `a${n}: ${items(movements('id'))}`).join(' ')} }`],
  ['pages of categories within items', `{ ${items(`category { ${items('levels { id }')} }`)} }`],
])('%s are refused before anything is read', async (_, query) => {
  const { data, errors } = await ask(query);
  expect([data ?? null, errors?.[0]?.extensions.code]).toEqual([null, 'BAD_USER_INPUT']);
  expect(errors?.[0]?.message).toMatch(/objects at once/);
});

test('a page size in a variable counts, and so does its default', async () => {
  const query = (declared: string) =>
    `query ($n: Int${declared}) { stockItems(first: $n) { nodes { stockMovements(first: $n) { nodes { stockItem { levels { id } } } } } } }`;
  expect((await ask(query(''), { n: 100 })).errors?.[0]?.message).toMatch(/objects at once/);
  expect((await ask(query(' = 100'))).errors?.[0]?.message).toMatch(/objects at once/);
  expect((await ask(query(''), { n: 10 })).errors).toBeUndefined();
});

test.each([
  [
    'a page of 100 items with all of their relations',
    '{ stockItems(first: 100) { nodes { sku barcodes { value } category { name parent { name } path { name } } levels { onHand location { name parent { name } } } } } }',
  ],
  [
    '100 items with 100 movements each',
    '{ stockItems(first: 100) { nodes { stockMovements(first: 100) { nodes { quantity } } } } }',
  ],
  [
    'introspection',
    '{ __schema { types { name fields { name args { name type { name ofType { name ofType { name } } } } } } } }',
  ],
])('%s pass', async (_, query) => {
  expect((await ask(query)).errors).toBeUndefined();
});

test('lists within lists that nobody could foresee are counted while they come', async () => {
  const { actor, secret, locations, items } = await createShop(database.orm.em, { locations: 30 });
  const [item] = items;
  for (const { id } of locations) {
    const receipt = { type: 'MOVE', kind: 'RECEIPT', key: { scope: 'STOCK', key: newId() }, quantity: quantity(1) } as const;
    await app.services.movements.postOne(actor, { ...receipt, item: { id: item?.id ?? '' }, location: { id } });
  }
  const levels = (within: string): string => `levels { ${within} }`;
  const around = (within: string): string => levels(`stockItem { ${within} }`);
  const of = (within: string) => graphqlReply(app, secret, `{ stockItem(by: { sku: "SKU-1" }) { ${within} } }`);
  expect((await of(around(levels('id')))).errors).toBeUndefined();
  const { errors } = await of(around(around(around(levels('id')))));
  expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('one reply may hold') as string });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(errors?.length).toBeLessThanOrEqual(20);
});

test('a reply that is too long is not sent, and says whether anything was changed', async () => {
  const { secret } = await createShop(database.orm.em, { items: 120 });
  const long = 'x'.repeat(2_000);
  await database.orm.em.getConnection().execute('update stock_item set description = ? where shop_id <> ?', [long, shop.shop.id]);
  const often = Array.from({ length: 100 }, (_, n) => `a${String(n)}: description`).join(' ');
  const { data, errors } = await graphqlReply(app, secret, `{ stockItems(first: 100) { totalCount nodes { ${often} } } }`);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ message: expect.stringMatching(/too long to be sent: ask for [^.]+\.$/) as string }]);
  const item = `stockItemCreate(input: { sku: "ZZZ", name: "New" }) { stockItem { category { stockItems(first: 100) { nodes { ${often} } } } } }`;
  const food = await graphqlReply(
    app,
    secret,
    'mutation { categoryCreate(input: { code: "FOOD", name: "Food" }) { category { id } } }',
  );
  const { id } = (food.data as { categoryCreate: { category: { id: string } } }).categoryCreate.category;
  await database.orm.em
    .getConnection()
    .execute('update stock_item set category_id = (select id from category where shop_id = stock_item.shop_id)');
  const written = await graphqlReply(
    app,
    secret,
    `mutation { ${item.replace('name: "New"', `name: "New", category: "${id}"`)} }`,
  );
  expect(written.errors).toMatchObject([
    { message: expect.stringContaining('What it was to change has been changed') as string },
  ]);
  expect((await graphqlReply(app, secret, '{ stockItem(by: { sku: "ZZZ" }) { name } }')).data).toEqual({
    stockItem: { name: 'New' },
  });
});
