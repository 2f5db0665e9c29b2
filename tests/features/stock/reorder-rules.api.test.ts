import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { MAX_RULES_AT_ONCE } from '../../../src/features/stock/reorder-rule.service.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient, createTestApp, graphqlReply } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

let database: TestDatabase;
let app: App;
let shopId: string;
let secret: string;
let client: GraphQLClient;
let floor: string;
let store: string;
let food: string;
let bread: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** FOOD > BREADS with an item in each, and milk beside them. */
beforeEach(async () => {
  const opened = await app.services.shops.create({ name: 'Rules', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  const { actor, location } = opened;
  ({ secret } = opened);
  ({ shopId } = actor);
  client = appClient(app, secret);
  const { categories, items, locations } = app.services;
  const parent = await categories.create(actor, { code: 'FOOD', name: 'Food' });
  const breads = await categories.create(actor, { code: 'BREADS', name: 'Breads', parent });
  bread = toGlobalId('StockItem', (await items.create(actor, { sku: 'BREAD', name: 'Bread', category: breads })).id);
  await items.create(actor, { sku: 'CHEESE', name: 'Cheese', category: parent });
  await items.create(actor, { sku: 'MILK', name: 'Milk' });
  food = toGlobalId('Category', parent.id);
  floor = toGlobalId('Location', location.id);
  store = toGlobalId('Location', (await locations.create(actor, { code: 'STORE', name: 'Store' })).id);
});

interface Level {
  onHand: string;
  version: number;
  reorderRule: { reorderPoint: string; reorderQuantity: string; leadTimeDays: number | null; location: { code: string } } | null;
}
interface Payload {
  level: Level | null;
  count?: number;
  userErrors: { code: string; path: string[]; message: string }[];
}

const LEVEL = 'level { onHand version reorderRule { reorderPoint reorderQuantity leadTimeDays location { code } } }';

async function set(input: Record<string, unknown>): Promise<Payload> {
  const mutation = `mutation ($input: ReorderRuleInput!) { reorderRuleSet(input: $input) { ${LEVEL} userErrors { code path message } } }`;
  const rule = { stockItem: bread, location: floor, reorderPoint: '5', reorderQuantity: '12', ...input };
  return (await client<{ reorderRuleSet: Payload }>(mutation, { input: rule })).reorderRuleSet;
}

async function setOfCategory(input: Record<string, unknown>): Promise<Payload> {
  const mutation =
    'mutation ($input: ReorderRulesInput!) { reorderRulesSet(input: $input) { count userErrors { code path message } } }';
  const rule = { category: food, location: floor, reorderPoint: '5', reorderQuantity: '12', ...input };
  return (await client<{ reorderRulesSet: Payload }>(mutation, { input: rule })).reorderRulesSet;
}

async function receive(sku: string, quantity: number, location = floor): Promise<void> {
  const input = { key: newId(), stockItem: { sku }, location, quantity };
  await client('mutation ($input: StockInput!) { stockReceive(input: $input) { userErrors { code } } }', { input });
}

async function skusOf(filter: string): Promise<string[]> {
  const { stockItems } = await client<{ stockItems: { totalCount: number; nodes: { sku: string }[] } }>(
    `{ stockItems(filter: { ${filter} }) { totalCount nodes { sku } } }`,
  );
  expect(stockItems.totalCount).toBe(stockItems.nodes.length);
  return stockItems.nodes.map(({ sku }) => sku);
}

async function levelsOf(filter: string): Promise<string[]> {
  const { stockLevels } = await client<{
    stockLevels: { totalCount: number; nodes: { stockItem: { sku: string }; location: { code: string } }[] };
  }>(`{ stockLevels(filter: { ${filter} }) { totalCount nodes { stockItem { sku } location { code } } } }`);
  expect(stockLevels.totalCount).toBe(stockLevels.nodes.length);
  return stockLevels.nodes.map(({ stockItem, location }) => `${stockItem.sku} ${location.code}`).sort();
}

describe('reorderRuleSet', () => {
  test('makes the level at zero where it is missing; the rule is a part of it', async () => {
    const { level } = await set({ leadTimeDays: 3 });
    const rule = { reorderPoint: '5', reorderQuantity: '12', leadTimeDays: 3, location: { code: 'SHOP' } };
    expect(level).toEqual({ onHand: '0', version: 1, reorderRule: rule });
    expect((await set({ leadTimeDays: 3 })).level?.version).toBe(1);
    const changed = await set({ reorderPoint: '4.5' });
    expect(changed.level).toMatchObject({ version: 2, reorderRule: { reorderPoint: '4.5', leadTimeDays: null } });
  });

  test('is taken away again, and once more', async () => {
    await set({});
    const remove = `mutation ($item: ID!, $at: ID!) { reorderRuleRemove(stockItem: $item, location: $at) { ${LEVEL} userErrors { code } } }`;
    const gone = { level: { onHand: '0', version: 2, reorderRule: null }, userErrors: [] };
    for (let time = 0; time < 2; time += 1) {
      expect(await client(remove, { item: bread, at: floor })).toEqual({ reorderRuleRemove: gone });
    }
    expect(await client(remove, { item: bread, at: store })).toEqual({ reorderRuleRemove: { level: null, userErrors: [] } });
  });

  test.each([
    ['a point below zero', { reorderPoint: '-0.1' }, 'INVALID', 'reorderPoint'],
    ['nothing bought at once', { reorderQuantity: '0' }, 'INVALID', 'reorderQuantity'],
    ['a delivery before the order', { leadTimeDays: -1 }, 'INVALID', 'leadTimeDays'],
    ['an item that is none', { stockItem: 'x' }, 'NOT_FOUND', 'stockItem'],
    ['a location that is none', { location: 'x' }, 'NOT_FOUND', 'location'],
  ])('refuses %s', async (_, input, code, field) => {
    expect(await set(input)).toMatchObject({ level: null, userErrors: [{ code, path: [field] }] });
    expect(await levelsOf('')).toEqual([]);
  });

  test('who may only move stock may not say when it is bought', async () => {
    const { apiKeyCreate } = await client<{ apiKeyCreate: { secret: string } }>(
      'mutation { apiKeyCreate(input: { name: "Clerk", role: CLERK }) { secret } }',
    );
    const input = { stockItem: bread, location: floor, reorderPoint: 1, reorderQuantity: 1 };
    const reply = await graphqlReply(
      app,
      apiKeyCreate.secret,
      'mutation ($input: ReorderRuleInput!) { reorderRuleSet(input: $input) { level { id } } }',
      { input },
    );
    expect(reply.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('reorderRulesSet', () => {
  test('sets the rule of each item in the category and beneath it that is in use', async () => {
    const { id } = (await client<{ stockItem: { id: string } }>('{ stockItem(by: { sku: "CHEESE" }) { id } }')).stockItem;
    expect((await setOfCategory({})).count).toBe(2);
    expect(await levelsOf('low: true')).toEqual(['BREAD SHOP', 'CHEESE SHOP']);
    await client('mutation ($id: ID!) { stockItemArchive(id: $id) { userErrors { code } } }', { id });
    expect((await setOfCategory({ location: store })).count).toBe(1);
    expect(await levelsOf('low: true')).toEqual(['BREAD SHOP', 'BREAD STORE', 'CHEESE SHOP']);
  });

  test('refuses more than it can do in one go, and a category that is none', async () => {
    await database.orm.em.fork().execute(
      `insert into stock_item (shop_id, id, sku, name, unit, search_text, category_id, created_at, updated_at)
       select i.shop_id, gen_random_uuid(), 'MANY-' || n, 'Many', 'each', 'many', i.category_id, now(), now()
       from stock_item i, generate_series(1, ?) n where i.shop_id = ? and i.sku = 'CHEESE'`,
      [MAX_RULES_AT_ONCE - 2, shopId],
    );
    expect((await setOfCategory({})).count).toBe(MAX_RULES_AT_ONCE);
    await client(
      'mutation ($food: ID!) { stockItemCreate(input: { sku: "MORE", name: "More", category: $food }) { stockItem { id } } }',
      {
        food,
      },
    );
    const tooMany = await setOfCategory({ location: store });
    expect(tooMany).toMatchObject({ count: 0, userErrors: [{ code: 'INVALID', path: ['category'] }] });
    expect(await levelsOf(`location: "${store}"`)).toEqual([]);
    expect((await setOfCategory({ category: bread })).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['category'] }]);
  });
});

test('no index knows what a movement changes of a level, so that its row is updated without a word to any', async () => {
  const indexes = await database.orm.em
    .fork()
    .execute<{ indexdef: string }[]>("select indexdef from pg_indexes where tablename = 'stock_level'");
  expect(indexes.map(({ indexdef }) => indexdef).filter((text) => /on_hand|version|updated_at/.test(text))).toEqual([]);
  expect(indexes.some(({ indexdef }) => indexdef.includes('reorder_point IS NOT NULL'))).toBe(true);
});

describe('what is low', () => {
  beforeEach(async () => {
    await receive('BREAD', 5);
    await receive('BREAD', 9, store);
    await receive('CHEESE', 6);
    await receive('MILK', 1);
    await set({});
    await set({ location: store });
    const cheese = (await client<{ stockItem: { id: string } }>('{ stockItem(by: { sku: "CHEESE" }) { id } }')).stockItem.id;
    await set({ stockItem: cheese });
  });

  test('are levels at or below their point, and the items of those', async () => {
    expect(await levelsOf('low: true')).toEqual(['BREAD SHOP']);
    expect(await levelsOf('low: false')).toEqual(['BREAD STORE', 'CHEESE SHOP', 'MILK SHOP']);
    expect(await skusOf('low: true')).toEqual(['BREAD']);
    expect(await skusOf('low: false')).toEqual(['CHEESE', 'MILK']);
    expect(await skusOf(`low: true, location: "${store}"`)).toEqual([]);
    expect(await skusOf(`low: false, location: "${store}"`)).toEqual(['BREAD']);
  });

  test('what is below zero is found where the shop has no floor', async () => {
    await client('mutation { shopUpdate(patch: { stockFloor: null }) { userErrors { code } } }');
    const input = { key: newId(), stockItem: { sku: 'MILK' }, location: floor, quantity: 2 };
    await client('mutation ($input: StockInput!) { stockIssue(input: $input) { userErrors { code } } }', { input });
    expect(await levelsOf('negative: true')).toEqual(['MILK SHOP']);
    expect(await levelsOf('negative: false')).toEqual(['BREAD SHOP', 'BREAD STORE', 'CHEESE SHOP']);
  });

  test('is suggested to be bought, so much that it is above the point, page by page', async () => {
    const ask = async (args = '') =>
      (
        await client<{
          reorderSuggestions: { totalCount: number; nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
        }>(
          `{ reorderSuggestions${args} { totalCount nodes { available quantity leadTimeDays level { stockItem { sku } location { code } } }
             pageInfo { endCursor hasNextPage } } }`,
        )
      ).reorderSuggestions;
    const first = {
      available: '5',
      quantity: '12',
      leadTimeDays: null,
      level: { stockItem: { sku: 'BREAD' }, location: { code: 'SHOP' } },
    };
    expect(await ask()).toMatchObject({ totalCount: 1, nodes: [first] });
    await set({ location: store, reorderPoint: '30', leadTimeDays: 2 });
    const second = {
      available: '9',
      quantity: '24',
      leadTimeDays: 2,
      level: { stockItem: { sku: 'BREAD' }, location: { code: 'STORE' } },
    };
    const page = await ask('(first: 1)');
    expect(page).toMatchObject({ totalCount: 2, nodes: [first], pageInfo: { hasNextPage: true } });
    expect(await ask(`(first: 1, after: "${page.pageInfo.endCursor}")`)).toMatchObject({
      nodes: [second],
      pageInfo: { hasNextPage: false },
    });
    expect((await ask(`(location: "${store}")`)).nodes).toEqual([second]);
    expect((await ask(`(category: "${food}")`)).totalCount).toBe(2);
    await client('mutation ($bread: ID!) { stockItemArchive(id: $bread) { userErrors { code } } }', { bread });
    expect(await ask()).toMatchObject({ totalCount: 0, nodes: [] });
  });
});
