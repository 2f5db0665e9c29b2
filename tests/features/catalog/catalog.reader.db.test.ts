import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Category, StockItem } from '../../../src/features/catalog/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { catalogServices, counted } from './catalog-fixture.js';

const EAN13 = '6001234567899';

let database: TestDatabase;
let services: ReturnType<typeof catalogServices>;
let shop: ShopFixture;
let other: ShopFixture;
const categories = new Map<string, Category>();
const items = new Map<string, StockItem>();

/** Code and parent's code. */
const TREE = [
  ['FOOD', undefined],
  ['BREAD', 'FOOD'],
  ['ROLLS', 'BREAD'],
  ['DAIRY', 'FOOD'],
  ['CARE', undefined],
] as const;

beforeAll(async () => {
  database = await createTestDatabase();
  services = catalogServices(database.orm);
  shop = await createShop(database.orm.em, { items: 0 });
  other = await createShop(database.orm.em, { items: 0 });
  for (const [code, parent] of TREE) {
    const draft = { code, name: `Name of ${code}`, parent: parent && categories.get(parent) };
    categories.set(code, await services.categories.create(shop.actor, draft));
    await services.categories.create(other.actor, { code, name: 'Elsewhere' });
  }
  for (const [sku, code] of [
    ['R1', 'ROLLS'],
    ['R2', 'ROLLS'],
    ['B1', 'BREAD'],
    ['D1', 'DAIRY'],
    ['F1', 'FOOD'],
    ['X1', undefined],
  ] as const) {
    const barcodes = sku === 'R1' ? [{ value: 'SECOND' }, { value: EAN13, isDefault: true }] : [{ value: `CODE-${sku}` }];
    const draft = { sku, name: `Item ${sku}`, category: code && categories.get(code), barcodes };
    items.set(sku, await services.items.create(shop.actor, draft));
  }
  await services.items.archive(shop.actor, {
    id: (await services.items.create(shop.actor, { sku: 'OLD', name: 'Old', category: category('ROLLS') })).id,
  });
});
afterAll(() => database.drop());

function category(code: string): Category {
  return categories.get(code) ?? expect.unreachable(code);
}
function item(sku: string): StockItem {
  return items.get(sku) ?? expect.unreachable(sku);
}
const reader = () => services.reader(shop.shop.id);
const codes = (found: readonly Category[]) => found.map(({ code }) => code);

describe('items', () => {
  test('many by id, SKU and barcode: one statement each', async () => {
    const read = reader();
    const all = [...items.values()];
    const byId = await counted(database.orm, () => Promise.all(all.map(({ id }) => read.item(id))));
    expect([byId.result.map((found) => found?.sku), byId.statements]).toEqual([[...items.keys()], 1]);
    const bySku = await counted(database.orm, () =>
      Promise.all(all.map(({ sku }) => read.itemByRef({ sku: ` ${sku.toLowerCase()}` }))),
    );
    expect([bySku.result.map((found) => found?.sku), bySku.statements]).toEqual([[...items.keys()], 1]);
    const byCode = await counted(database.orm, () =>
      Promise.all([read.barcode(` ${EAN13}`), read.barcode(`0${EAN13}`), read.itemByRef({ barcode: 'CODE-B1' })]),
    );
    expect(byCode.statements).toBe(1);
    expect(byCode.result[0]).toMatchObject({ value: EAN13, stockItem: { sku: 'R1', unit: 'each' } });
    expect(byCode.result[1]?.stockItem.id).toBe(item('R1').id);
    expect(byCode.result[2]).toMatchObject({ sku: 'B1', name: 'Item B1' });
  });

  test('barcodes of many items: one statement, the default one first', async () => {
    const read = reader();
    const { result, statements } = await counted(database.orm, () =>
      Promise.all([...items.values()].map((each) => read.barcodesOf(each))),
    );
    expect(statements).toBe(1);
    expect(result[0]?.map(({ value, stockItem }) => `${value} ${stockItem.unit}`)).toEqual([`${EAN13} each`, 'SECOND each']);
    expect(result.slice(1).flat()).toHaveLength(5);
  });

  test('nothing of another shop is found', async () => {
    const away = services.reader(other.shop.id);
    expect(await away.item(item('R1').id)).toBeUndefined();
    expect(await away.itemByRef({ sku: 'R1' })).toBeUndefined();
    expect(await away.barcode(EAN13)).toBeUndefined();
    expect(await away.category(category('FOOD').id)).toBeUndefined();
    expect(await away.categories.beneath(category('FOOD').id)).toEqual([]);
    expect((await away.itemsOfCategory.page(category('FOOD').id, {})).nodes).toEqual([]);
    expect(await away.barcodesOf(item('R1'))).toEqual([]);
  });

  test('what cannot be stored is not looked for', async () => {
    const read = reader();
    const { result, statements } = await counted(database.orm, () =>
      Promise.all([
        read.itemByRef({ sku: 'a\0' }),
        read.itemByRef({ barcode: '\ud800' }),
        read.categories.byCode('\0'),
        read.itemByRef({ id: undefined }),
      ]),
    );
    expect([result.every((found) => found === undefined), statements]).toEqual([true, 0]);
  });

  test('a reader remembers what it has read; a new one sees a change', async () => {
    const read = reader();
    const before = await read.item(item('X1').id);
    await services.items.update(shop.actor, { id: item('X1').id }, { name: 'Renamed' });
    expect((await read.item(item('X1').id))?.name).toBe(before?.name);
    expect((await reader().item(item('X1').id))?.name).toBe('Renamed');
  });
});

describe('categories', () => {
  test('roots by code, and everything beneath a category in the order of the tree', async () => {
    expect(codes(await reader().categories.roots())).toEqual(['CARE', 'FOOD']);
    expect(codes(await reader().categories.beneath(category('FOOD').id))).toEqual(['BREAD', 'ROLLS', 'DAIRY']);
  });

  test('paths, parents and children of many: one statement each', async () => {
    const read = reader().categories;
    const all = [...categories.values()];
    const paths = await counted(database.orm, () => Promise.all(all.map((each) => read.pathOf(each))));
    expect([paths.result.map(codes), paths.statements]).toEqual([
      [['FOOD'], ['FOOD', 'BREAD'], ['FOOD', 'BREAD', 'ROLLS'], ['FOOD', 'DAIRY'], ['CARE']],
      1,
    ]);
    const children = await counted(database.orm, () => Promise.all(all.map((each) => read.childrenOf(each))));
    expect([children.result.map(codes), children.statements]).toEqual([[['BREAD', 'DAIRY'], ['ROLLS'], [], [], []], 1]);
    const byCode = await counted(database.orm, () =>
      Promise.all(all.map(({ code }) => reader().categories.byCode(code.toLowerCase()))),
    );
    expect(byCode.result.map((found) => found?.id)).toEqual(all.map(({ id }) => id));
    const same = reader();
    const byId = await counted(database.orm, () => Promise.all(all.map(({ id }) => same.category(id))));
    expect([byId.result.map((found) => found?.code), byId.statements]).toEqual([[...categories.keys()], 1]);
  });
});

describe('items of categories', () => {
  const pageOf = async (code: string, args: { first?: number; after?: string | null } = {}, read = reader()) => {
    const page = await read.itemsOfCategory.page(category(code).id, args);
    return {
      skus: page.nodes.map(({ sku }) => sku),
      more: page.pageInfo.hasNextPage,
      end: page.pageInfo.endCursor,
      total: page.totalCount,
    };
  };

  test('of many categories: one statement for the pages, one for the counts', async () => {
    const read = reader();
    const all = ['FOOD', 'BREAD', 'ROLLS', 'CARE'];
    const pages = await counted(database.orm, () => Promise.all(all.map((code) => pageOf(code, { first: 2 }, read))));
    expect([pages.result.map(({ skus }) => skus), pages.statements]).toEqual([[['B1', 'D1'], ['B1', 'R1'], ['R1', 'R2'], []], 1]);
    expect(pages.result.map(({ more }) => more)).toEqual([true, true, false, false]);
    const totals = await counted(database.orm, () => Promise.all(pages.result.map(({ total }) => total())));
    expect(totals).toEqual({ result: [5, 3, 2, 0], statements: 1 });
  });

  test('pages follow each other, each item once', async () => {
    const first = await pageOf('FOOD', { first: 2 });
    const second = await pageOf('FOOD', { first: 2, after: first.end });
    const third = await pageOf('FOOD', { first: 2, after: second.end });
    expect([first.skus, second.skus, third.skus]).toEqual([['B1', 'D1'], ['F1', 'R1'], ['R2']]);
    expect(third.more).toBe(false);
  });

  test('two different pages of one category do not mix', async () => {
    const read = reader();
    const [one, three] = await Promise.all([pageOf('FOOD', { first: 1 }, read), pageOf('FOOD', { first: 3 }, read)]);
    expect([one.skus, three.skus]).toEqual([['B1'], ['B1', 'D1', 'F1']]);
  });

  test('a cursor of another list is refused', async () => {
    await expect(pageOf('FOOD', { after: 'x' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
