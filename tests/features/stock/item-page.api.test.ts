import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { appClient, createTestApp, graphqlReply } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { countsStatements, statementsOf } from '../../support/statements.js';

const ITEMS = 60;
const LOCATIONS = 4;
/** The key's look-up. */
const FOR_THE_KEY = 1;
const MOST_STATEMENTS = 6;

let database: TestDatabase;
let app: App;
let client: GraphQLClient;
let secret: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  const shop = await app.services.shops.create({ name: 'Pages', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  ({ secret } = shop);
  client = appClient(app, secret);
  await stockTheShop();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function stockTheShop(): Promise<void> {
  const { categoryCreate: root } = await client<Created>(
    'mutation { categoryCreate(input: { name: "Food", code: "FOOD" }) { category { id } } }',
  );
  const parent = root.category.id;
  const categories: string[] = [];
  for (const code of ['A', 'B', 'C']) {
    const { categoryCreate } = await client<Created>(
      'mutation ($input: CategoryInput!) { categoryCreate(input: $input) { category { id } } }',
      { input: { name: code, code, parent } },
    );
    categories.push(categoryCreate.category.id);
  }
  for (let n = 2; n <= LOCATIONS; n += 1) {
    await client(
      `mutation { locationCreate(input: { code: "L${String(n)}", name: "Shelf ${String(n)}" }) { userErrors { message } } }`,
    );
  }
  const { locations } = await client<{ locations: { id: string }[] }>('{ locations { id } }');
  for (let n = 1; n <= ITEMS; n += 1) {
    const sku = `ITEM-${String(n).padStart(3, '0')}`;
    await client('mutation ($input: StockItemInput!) { stockItemCreate(input: $input) { userErrors { message } } }', {
      input: { sku, name: `Thing ${String(n)}`, category: categories[n % categories.length] },
    });
    const acts = locations.map(({ id }) => ({ receive: { key: `${sku}/${id}`, stockItem: { sku }, location: id, quantity: n } }));
    await client(
      'mutation ($acts: [StockActInput!]!) { stockPost(input: { acts: $acts, atomic: true }) { userErrors { message } } }',
      { acts },
    );
  }
}

interface Created {
  categoryCreate: { category: { id: string } };
}

const PAGE = `query ($first: Int!) { stockItems(first: $first) {
  nodes { sku name category { name parent { name } } levels { onHand location { name } } }
  pageInfo { hasNextPage endCursor } } }`;

interface Page {
  stockItems: {
    nodes: { sku: string; category: { parent: { name: string } }; levels: { onHand: string; location: { name: string } }[] }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount?: number;
  };
}

describe('a page of items with category, its parent, levels and their locations', () => {
  test('has everything in it', async () => {
    const { stockItems } = await client<Page>(PAGE, { first: 50 });
    expect(stockItems.nodes).toHaveLength(50);
    expect(stockItems.pageInfo.hasNextPage).toBe(true);
    for (const node of stockItems.nodes) {
      expect(node.category.parent.name).toBe('Food');
      expect(node.levels).toHaveLength(LOCATIONS);
      expect(new Set(node.levels.map(({ location }) => location.name)).size).toBe(LOCATIONS);
    }
  });

  test('takes as many statements for 50 items as for 10, and at most 6 besides the look-up of the key', async (context) => {
    const em = database.orm.em.fork();
    if (!(await countsStatements(em))) context.skip('this server does not load pg_stat_statements');
    await client(PAGE, { first: 1 });
    const forTen = await statementsOf(em, () => client(PAGE, { first: 10 }));
    const forFifty = await statementsOf(em, () => client(PAGE, { first: 50 }));
    expect(forFifty.length, forFifty.join('\n')).toBe(forTen.length);
    expect(forFifty.length - FOR_THE_KEY).toBeLessThanOrEqual(MOST_STATEMENTS);
  });

  test('counts all items only when asked', async (context) => {
    const em = database.orm.em.fork();
    if (!(await countsStatements(em))) context.skip('this server does not load pg_stat_statements');
    const counting = '{ stockItems(first: 1) { totalCount nodes { id } } }';
    const plain = '{ stockItems(first: 1) { nodes { id } } }';
    expect((await client<Page>(counting)).stockItems.totalCount).toBe(ITEMS);
    const [counted, uncounted] = [await statementsOf(em, () => client(counting)), await statementsOf(em, () => client(plain))];
    expect(counted.length).toBe(uncounted.length + 1);
  });
});

describe('walking through pages', () => {
  test.each(['SKU', 'NAME', 'CREATED_AT'])('by %s: every item once, though items are added on the way', async (sort) => {
    const walk = `query ($after: String) { stockItems(sort: ${sort}, first: 7, after: $after) { nodes { sku } pageInfo { hasNextPage endCursor } } }`;
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const { stockItems } = await client<Page>(walk, { after });
      seen.push(...stockItems.nodes.map(({ sku }) => sku));
      ({ endCursor: after, hasNextPage: more } = stockItems.pageInfo);
      if (seen.length === 7)
        await client(`mutation { stockItemCreate(input: { sku: "AAA-${sort}", name: "AAA" }) { userErrors { message } } }`);
    }
    const old = seen.filter((sku) => sku.startsWith('ITEM-'));
    expect(new Set(old).size).toBe(ITEMS);
    expect(old).toHaveLength(ITEMS);
  });

  test.each([
    ['no item', 0],
    ['101 items', 101],
    ['less than none', -1],
  ])('%s at a time is refused and says the range', async (_, first) => {
    const { errors } = await graphqlReply(app, secret, PAGE, { first });
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('1 to 100') as string,
    });
  });
});

describe('filters', () => {
  const skus = async (filter: string) =>
    (await client<Page>(`{ stockItems(first: 100, filter: ${filter}) { nodes { sku } } }`)).stockItems.nodes.map(
      ({ sku }) => sku,
    );

  test('words of the name, the SKU and short ones find items; all must fit', async () => {
    expect(await skus('{ search: "thing 17" }')).toEqual(['ITEM-017']);
    expect(await skus('{ search: "item-02" }')).toHaveLength(10);
    expect(await skus('{ search: "100%" }')).toEqual([]);
    expect(await skus('{ search: "th 17" }')).toEqual(['ITEM-017']);
  });

  test('a category holds what is beneath it', async () => {
    const { category } = await client<{ category: { id: string } }>('{ category(by: { code: "FOOD" }) { id } }');
    expect(await skus(`{ category: "${category.id}" }`)).toHaveLength(ITEMS);
    expect(await skus('{ category: "nonsense" }')).toEqual([]);
  });
});
