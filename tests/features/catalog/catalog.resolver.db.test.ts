import { permissionsOf } from '../../../src/features/access/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { counted } from './catalog-fixture.js';
import { TwoRooms } from './graphql-fixture.js';

const EAN13 = '6001234567899';

let database: TestDatabase;
let rooms: TwoRooms;
let shop: ShopFixture;

beforeAll(async () => {
  database = await createTestDatabase();
  rooms = new TwoRooms(database.orm);
});
afterAll(() => database.drop());
beforeEach(async () => {
  shop = await createShop(database.orm.em, { items: 0, locations: 2 });
});

const run = (source: string, variables: Record<string, unknown> = {}) => rooms.run(shop.actor, source, variables);
const ok = async (source: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await run(source, variables);
  expect(errors).toEqual([]);
  return data;
};

async function categoryId(code: string, parent: string | null = null): Promise<string> {
  const data = await ok(
    'mutation ($input: CategoryInput!) { made: categoryCreate(input: $input) { category { id } userErrors { message } } }',
    { input: { code, name: `Name of ${code}`, parent } },
  );
  return (data.made as { category: { id: string } }).category.id;
}

const CREATE = `mutation ($input: StockItemInput!) { made: stockItemCreate(input: $input) {
  stockItem { id sku unit currency salePrice barcodes { value quantity unit isDefault } category { code } }
  userErrors { __typename code message path } } }`;

describe('items', () => {
  test('are made, found by each of their names, changed and archived', async () => {
    const bread = await categoryId('BREAD');
    const input = {
      sku: 'b-1',
      name: 'Brown bread',
      category: bread,
      salePrice: '17.5',
      barcodes: [{ value: EAN13 }, { value: 'TRAY', quantity: 12 }],
    };
    const { made } = (await ok(CREATE, { input })) as { made: { stockItem: { id: string } } };
    expect(made).toEqual({
      stockItem: {
        id: made.stockItem.id,
        sku: 'B-1',
        unit: 'each',
        currency: 'ZAR',
        salePrice: '17.5',
        barcodes: [
          { value: EAN13, quantity: '1', unit: 'each', isDefault: true },
          { value: 'TRAY', quantity: '12', unit: 'each', isDefault: false },
        ],
        category: { code: 'BREAD' },
      },
      userErrors: [],
    });
    const found = await ok(
      'query ($id: ID!) { a: stockItem(by: {id: $id}) { sku } b: stockItem(by: {sku: "B-1"}) { sku } c: stockItem(by: {barcode: "06001234567899"}) { sku } }',
      { id: made.stockItem.id },
    );
    expect(found).toEqual({ a: { sku: 'B-1' }, b: { sku: 'B-1' }, c: { sku: 'B-1' } });
    const changed = await ok(
      `mutation ($id: ID!, $gone: ID) {
        update: stockItemUpdate(id: $id, patch: { name: "White bread", category: $gone, salePrice: null }) { stockItem { name salePrice category { id } barcodes { value } } }
        archive: stockItemArchive(id: $id) { stockItem { name archivedAt category { code } } userErrors { code } }
      }`,
      { id: made.stockItem.id },
    );
    expect(changed).toMatchObject({
      // An absent variable leaves the category as it is; null clears the price.
      update: { stockItem: { name: 'White bread', salePrice: null, barcodes: [{ value: EAN13 }, { value: 'TRAY' }] } },
      archive: {
        stockItem: { name: 'White bread', archivedAt: expect.stringContaining('T') as string, category: { code: 'BREAD' } },
        userErrors: [],
      },
    });
  });

  test('refusals are data, with the place at fault', async () => {
    await ok(CREATE, { input: { sku: 'A', name: 'First', barcodes: [{ value: EAN13 }] } });
    const { made } = await ok(CREATE, { input: { sku: 'B', name: 'x', barcodes: [{ value: 'OWN' }, { value: EAN13 }] } });
    expect(made).toEqual({
      stockItem: null,
      userErrors: [
        {
          __typename: 'SimpleError',
          code: 'DUPLICATE',
          message: `${EAN13} is a barcode of First (SKU A) already, and means 1.`,
          path: ['barcodes', '1', 'value'],
        },
      ],
    });
  });

  test.each(['nonsense', toGlobalId('Category', newId()), toGlobalId('StockItem', newId()), ''])(
    'an id that is none of an item: %s',
    async (id) => {
      const update =
        'mutation ($id: ID!) { a: stockItemUpdate(id: $id, patch: {}) { stockItem { id } userErrors { code path } } }';
      expect(await ok(update, { id })).toEqual({ a: { stockItem: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] } });
      expect(await ok('query ($id: ID!) { stockItem(by: {id: $id}) { id } }', { id })).toEqual({ stockItem: null });
    },
  );
});

describe('categories', () => {
  test('nested lists take a fixed number of statements', async () => {
    for (const code of ['A', 'B', 'C', 'D']) {
      const parent = await categoryId(code);
      const child = await categoryId(`${code}-1`, parent);
      await ok(CREATE, { input: { sku: `IN-${code}`, name: 'x', category: child } });
    }
    const source = `{ categories { code path { code } children { code parent { code } path { code } }
      stockItems(first: 5) { totalCount nodes { sku category { code parent { code } } barcodes { value } } } } }`;
    const { result, statements } = await counted(database.orm, () => ok(source));
    // Roots, children, paths, pages, counts, categories of the items, their parents (known by then), barcodes.
    expect(statements).toBeLessThanOrEqual(7);
    expect((result.categories as unknown[])[1]).toEqual({
      code: 'B',
      path: [{ code: 'B' }],
      children: [{ code: 'B-1', parent: { code: 'B' }, path: [{ code: 'B' }, { code: 'B-1' }] }],
      stockItems: { totalCount: 1, nodes: [{ sku: 'IN-B', category: { code: 'B-1', parent: { code: 'B' } }, barcodes: [] }] },
    });
  });

  test('are moved and deleted; a second mutation of one request sees the first', async () => {
    const [a, b] = [await categoryId('A'), await categoryId('B')];
    const c = await categoryId('C', a);
    const data = await ok(
      `mutation ($c: ID!, $b: ID!) {
        one: categoryUpdate(id: $c, patch: { name: "Renamed" }) { category { path { name } } }
        two: categoryUpdate(id: $c, patch: { parent: $b }) { category { name path { code } } }
        full: categoryDelete(id: $b) { category { id } userErrors { code path } }
        three: categoryUpdate(id: $c, patch: { parent: null }) { category { path { code } } }
        gone: categoryDelete(id: $b) { category { code path { code } } userErrors { code } }
      }`,
      { c, b },
    );
    expect(data).toEqual({
      one: { category: { path: [{ name: 'Name of A' }, { name: 'Renamed' }] } },
      two: { category: { name: 'Renamed', path: [{ code: 'B' }, { code: 'C' }] } },
      full: { category: null, userErrors: [{ code: 'IN_USE', path: ['id'] }] },
      three: { category: { path: [{ code: 'C' }] } },
      gone: { category: { code: 'B', path: [{ code: 'B' }] }, userErrors: [] },
    });
    const found = await ok(
      'query ($b: ID!) { byId: category(by: {id: $b}) { id } byCode: category(by: {code: "c"}) { code } none: categories(parent: "x") { id } }',
      { b },
    );
    expect(found).toEqual({ byId: null, byCode: { code: 'C' }, none: [] });
  });
});

describe('access', () => {
  test('the shop, its locations and keys', async () => {
    const parent = toGlobalId('Location', shop.locations[0]?.id ?? '');
    const data = await ok(
      `mutation ($parent: ID!) {
        shopUpdate(patch: { stockFloor: null }) { shop { name stockFloor variableMeasure } userErrors { code } }
        locationCreate(input: { code: "back", name: "Back", parent: $parent }) { location { code parent { code } } userErrors { code } }
        apiKeyCreate(input: { name: "Gun", role: DEVICE, mode: COUNT, location: $parent }) { apiKey { name role mode location { code } lastUsedAt } secret userErrors { code } }
        refused: apiKeyCreate(input: { name: "x", role: READER, mode: COUNT }) { apiKey { id } secret userErrors { code path } }
        archived: locationArchive(id: "x") { location { id } userErrors { code path } }
        revoked: apiKeyRevoke(id: $parent) { apiKey { id } userErrors { code path } }
      }`,
      { parent },
    );
    expect(data).toEqual({
      shopUpdate: { shop: { name: 'Test shop', stockFloor: null, variableMeasure: 'NONE' }, userErrors: [] },
      locationCreate: { location: { code: 'BACK', parent: { code: 'L1' } }, userErrors: [] },
      apiKeyCreate: {
        apiKey: { name: 'Gun', role: 'DEVICE', mode: 'COUNT', location: { code: 'L1' }, lastUsedAt: null },
        secret: expect.stringMatching(/^sr_/) as string,
        userErrors: [],
      },
      refused: { apiKey: null, secret: null, userErrors: [{ code: 'INVALID', path: ['mode'] }] },
      archived: { location: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] },
      revoked: { apiKey: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] },
    });
    const read = await ok('{ shop { currency timeZone } locations { code archivedAt } apiKeys { name role } }');
    expect(read).toEqual({
      shop: { currency: 'ZAR', timeZone: 'Africa/Johannesburg' },
      locations: [
        { code: 'BACK', archivedAt: null },
        { code: 'L1', archivedAt: null },
        { code: 'L2', archivedAt: null },
      ],
      apiKeys: [
        { name: 'Gun', role: 'DEVICE' },
        { name: 'OWNER key', role: 'OWNER' },
      ],
    });
  });

  test.each([
    ['READER', 'mutation { categoryCreate(input: {name: "x", code: "X"}) { category { id } } }'],
    ['CLERK', 'mutation { stockItemCreate(input: {sku: "X", name: "x"}) { stockItem { id } } }'],
    ['MANAGER', '{ apiKeys { id } }'],
    ['MANAGER', 'mutation { shopUpdate(patch: {name: "x"}) { shop { id } } }'],
    ['CLERK', 'mutation { locationArchive(id: "x") { location { id } } }'],
    ['DEVICE', '{ shop { id } }'],
    ['DEVICE', '{ stockItem(by: {sku: "X"}) { id } }'],
  ] as const)('a %s may not: %s', async (role, source) => {
    expect((await rooms.run({ ...shop.actor, role, permissions: permissionsOf(role) }, source)).errors).toEqual(['FORBIDDEN']);
  });

  test('nobody without a key', async () => {
    expect((await rooms.run(undefined, '{ locations { id } }')).errors).toEqual(['UNAUTHENTICATED']);
  });
});
