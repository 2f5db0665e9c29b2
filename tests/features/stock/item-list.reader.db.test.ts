import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedScaleShop } from '../../../seeders/scale/seed-scale-shop.js';
import { StockReader } from '../../../src/features/stock/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** More than a page looks up and sorts, so that lists of both kinds are there. */
const SIZE = { items: 2_300, locations: 1, movements: 0, seed: 1 };

interface Row {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly created_at: string;
  readonly search_text: string;
  readonly code: string;
}

let database: TestDatabase;
let shopId: string;
let all: Row[];

beforeAll(async () => {
  database = await createTestDatabase();
  shopId = (await seedScaleShop(database.url, SIZE)).shop.id;
  all = await database.orm.em
    .fork()
    .execute<Row[]>('select i.*, c.code from stock_item i join category c on c.id = i.category_id where i.shop_id = ?', [shopId]);
});
afterAll(() => database.drop());

type Criteria = Parameters<StockReader['items']['page']>[0];
const SORTS = ['SKU', 'NAME', 'CREATED_AT'] as const;

async function allPages(criteria: Criteria, sort: (typeof SORTS)[number]): Promise<string[]> {
  const skus: string[] = [];
  for (let after: string | null = null; ;) {
    const { items } = new StockReader(database.orm.em.fork(), shopId);
    const { nodes, pageInfo } = await items.page(criteria, sort, { first: 100, after });
    skus.push(...nodes.map(({ sku }) => sku));
    if (!pageInfo.hasNextPage) return skus;
    after = pageInfo.endCursor;
  }
}

const beginsWord = (part: string) => (row: Row) => row.search_text.split(/[^a-z0-9]+/).some((word) => word.startsWith(part));

test.each<[string, Criteria, (row: Row) => boolean]>([
  ['everything', {}, () => true],
  ['a word of every item', { search: '600' }, ({ search_text }) => search_text.includes('600')],
  ['a word of some', { search: 'Karoo' }, ({ search_text }) => search_text.includes('karoo')],
  ['two words', { search: 'kg karoo' }, (row) => row.search_text.includes('karoo') && beginsWord('kg')(row)],
  ['the beginning of words', { search: 'ka' }, beginsWord('ka')],
  ['nothing', { search: 'qqqzzz' }, () => false],
  ['signs that mean something to the database', { search: `100% _\\ "' {a,b}` }, () => false],
])('pages of %s are complete and in order', async (_, criteria, fits) => {
  const wanted = all.filter(fits).map(({ sku }) => sku);
  for (const sort of SORTS) {
    const found = await allPages(criteria, sort);
    expect([...found].sort()).toEqual([...wanted].sort());
    const { items } = new StockReader(database.orm.em.fork(), shopId);
    expect(await (await items.page(criteria, sort, { first: 1 })).totalCount()).toBe(wanted.length);
    const order = {
      SKU: (row: Row) => row.sku,
      NAME: (row: Row) => row.name,
      CREATED_AT: (row: Row) => row.created_at,
    };
    const keys = found.map((sku) => all.find((row) => row.sku === sku)).flatMap((row) => (row ? [order[sort](row)] : []));
    const [sorted] = await database.orm.em
      .fork()
      .execute<{ keys: string[] | null }[]>('select array_agg(k order by k) as keys from unnest(?::text[]) k', [
        `{${keys.map((key) => `"${key}"`).join(',')}}`,
      ]);
    expect(keys).toEqual(sorted?.keys ?? []);
  }
});

test('a category brings what is beneath it, and one that is not there brings nothing', async () => {
  const [staples] = await database.orm.em
    .fork()
    .execute<{ id: string }[]>(`select id from category where shop_id = ? and code = 'STAPLES'`, [shopId]);
  const shelves = ['MAIZE', 'RICE-PASTA', 'FLOUR-BAKING', 'BEANS-DRY', 'SUGAR-SALT'];
  const wanted = all.filter(({ code }) => shelves.includes(code)).map(({ sku }) => sku);
  expect(wanted.length).toBeGreaterThan(100);
  expect((await allPages({ category: staples?.id }, 'SKU')).sort()).toEqual(wanted.sort());
  expect(await allPages({ category: shopId }, 'SKU')).toEqual([]);
  const levels = new StockReader(database.orm.em.fork(), shopId).levels;
  expect(await (await levels.page({ category: staples?.id }, { first: 1 })).totalCount()).toBe(wanted.length);
});
