import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StockItem, StockItemDraft } from '../../../src/features/catalog/index.js';
import { StockItemRepository } from '../../../src/features/catalog/index.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { formatQuantity, quantity } from '../../../src/kernel/quantity.js';
import { query } from '../../../src/platform/sql.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { outcome } from '../access/access-fixture.js';
import { catalogServices } from './catalog-fixture.js';

const EAN13 = '6001234567899';
const UPC_A = '012345678905';

let database: TestDatabase;
let services: ReturnType<typeof catalogServices>;
let shop: ShopFixture;
let other: ShopFixture;

beforeAll(async () => {
  database = await createTestDatabase();
  services = catalogServices(database.orm);
  other = await createShop(database.orm.em);
});
afterAll(() => database.drop());
beforeEach(async () => {
  shop = await createShop(database.orm.em, { items: 0 });
});

const reader = () => services.reader(shop.shop.id);
const create = (sku: string, draft: Partial<StockItemDraft> = {}) =>
  services.items.create(shop.actor, { sku, name: `Item ${sku}`, ...draft });
const update = ({ id }: StockItem, changes: Parameters<typeof services.items.update>[2]) =>
  services.items.update(shop.actor, { id }, changes);
const saved = async ({ id }: StockItem) => (await reader().item(id)) ?? expect.unreachable('The item is not there.');
const barcodes = async (item: StockItem) =>
  (await reader().barcodesOf(item)).map(
    ({ value, quantity: pack, isDefault }) => `${value} × ${formatQuantity(pack)}${isDefault ? ' default' : ''}`,
  );

describe('create', () => {
  test('keeps everything that was given', async () => {
    const category = await services.categories.create(shop.actor, { code: 'FOOD', name: 'Food' });
    const item = await create(' mm-10 ', {
      name: ' Maize meal 10 kg ',
      description: ' Super\nmaize ',
      category,
      salePrice: quantity('129.99'),
      barcodes: [{ value: EAN13 }, { value: '16001234567896', quantity: quantity(4) }],
    });
    const found = await saved(item);
    expect(found).toMatchObject({
      sku: 'MM-10',
      name: 'Maize meal 10 kg',
      description: 'Super\nmaize',
      unit: 'each',
      archivedAt: null,
    });
    expect([found.category?.id, found.salePrice?.toFixed()]).toEqual([category.id, '129.99']);
    expect(await barcodes(item)).toEqual([`${EAN13} × 1 default`, '16001234567896 × 4']);
    expect(found.searchText).toBe(`maize meal 10 kg\nmm-10\n${EAN13}\n16001234567896`);
  });

  test.each<[string, Partial<StockItemDraft>]>([
    ['INVALID sku', { sku: ' ' }],
    ['INVALID sku', { sku: 'a\tb' }],
    ['INVALID sku', { sku: 'x'.repeat(65) }],
    ['INVALID name', { name: 'x'.repeat(201) }],
    ['INVALID name', { name: '\ud800' }],
    ['INVALID description', { description: 'x'.repeat(2001) }],
    ['INVALID description', { description: 'a\0' }],
    ['INVALID unit', { unit: ' ' }],
    ['INVALID salePrice', { salePrice: quantity('-0.01') }],
    ['INVALID barcodes.0.value', { barcodes: [{ value: '6001234567890' }] }],
    ['NOT_FOUND category', { category: { id: undefined } }],
    ['done', { salePrice: quantity('-0'), unit: null, barcodes: null, description: null, category: null }],
  ])('%s: %o', async (expected, draft) => {
    expect(await outcome(() => create('NEW', draft))).toBe(expected);
  });

  test('refuses a SKU that is taken, whatever its case; another shop may have it', async () => {
    await create('Taken');
    expect(await outcome(() => create(' tAKEN'))).toBe('DUPLICATE sku');
    expect(await outcome(() => services.items.create(other.actor, { sku: 'TAKEN', name: 'x' }))).toBe('done');
  });

  test('refuses a barcode that another item has, whatever its length, and names that item', async () => {
    await create('FIRST', { name: 'Cooldrink', barcodes: [{ value: UPC_A }] });
    const refused = create('SECOND', { barcodes: [{ value: 'OWN' }, { value: `0${UPC_A}` }] });
    await expect(refused).rejects.toThrow(DomainError);
    await expect(refused).rejects.toMatchObject({ code: 'DUPLICATE', path: ['barcodes', '1', 'value'] });
    await expect(refused).rejects.toThrow(/Cooldrink \(SKU FIRST\)/);
    expect(await outcome(() => services.items.create(other.actor, { sku: 'X', name: 'x', barcodes: [{ value: UPC_A }] }))).toBe(
      'done',
    );
  });

  test('of items created at once with one barcode one is made, and its name is in the refusals', async () => {
    for (let round = 0; round < 10; round += 1) {
      const value = `RACE-${String(round)}`;
      const attempts = await Promise.allSettled(
        [1, 2, 3, 4].map((n) => create(`R-${String(round)}-${String(n)}`, { name: 'Racer', barcodes: [{ value }] })),
      );
      const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [String(attempt.reason)] : []));
      expect(refusals).toHaveLength(3);
      for (const refusal of refusals) expect(refusal).toContain('is a barcode of Racer');
    }
  });
});

describe('update', () => {
  test('changes what is named and nothing else; null clears', async () => {
    const category = await services.categories.create(shop.actor, { code: 'FOOD', name: 'Food' });
    const item = await create('A', { description: 'Old', category, salePrice: quantity(5), barcodes: [{ value: EAN13 }] });
    await update(item, { name: 'New name' });
    expect(await saved(item)).toMatchObject({ name: 'New name', description: 'Old', category: { id: category.id } });
    expect((await saved(item)).searchText).toBe(`new name\na\n${EAN13}`);
    expect(await barcodes(item)).toEqual([`${EAN13} × 1 default`]);
    await update(item, { description: null, salePrice: null, category: null, barcodes: null });
    const cleared = await saved(item);
    expect([cleared.description, cleared.salePrice, cleared.category ?? null]).toEqual([null, null, null]);
    expect([await barcodes(item), cleared.searchText]).toEqual([[], 'new name\na']);
  });

  test('replaces the barcodes; one that stays keeps its row', async () => {
    const item = await create('A', { barcodes: [{ value: 'ONE' }, { value: UPC_A }, { value: 'THREE' }] });
    const rowOf = async () =>
      query(database.orm.em.fork(), 'select ctid from barcode where shop_id = ? and normalized = ?', [shop.shop.id, 'THREE']);
    const before = await rowOf();
    await update(item, {
      barcodes: [{ value: 'THREE' }, { value: `0${UPC_A}`, quantity: quantity(6), isDefault: true }, { value: 'FOUR' }],
    });
    expect(await barcodes(item)).toEqual([`0${UPC_A} × 6 default`, 'FOUR × 1', 'THREE × 1']);
    expect([before, await rowOf()]).toEqual([before, before]);
    expect((await saved(item)).searchText).toContain('four');
    expect((await saved(item)).searchText).not.toContain('one');
  });

  test('a barcode that one item gives up another may take', async () => {
    const [a, b] = [await create('A', { barcodes: [{ value: EAN13 }] }), await create('B')];
    expect(await outcome(() => update(b, { barcodes: [{ value: EAN13 }] }))).toBe('DUPLICATE barcodes.0.value');
    await update(a, { barcodes: [] });
    await update(b, { barcodes: [{ value: EAN13 }] });
    expect((await reader().barcode(EAN13))?.stockItem.id).toBe(b.id);
  });

  test('refuses a name that is cleared and an item that is not there', async () => {
    const item = await create('A');
    expect(await outcome(() => update(item, { name: null }))).toBe('INVALID name');
    expect(await outcome(() => services.items.update(other.actor, { id: item.id }, { name: 'x' }))).toBe('NOT_FOUND id');
    expect(await outcome(() => services.items.update(shop.actor, { id: undefined }, {}))).toBe('NOT_FOUND id');
  });
});

test('archiving twice is the same as once, and the item is still found', async () => {
  const item = await create('A');
  const first = await services.items.archive(shop.actor, { id: item.id });
  const again = await services.items.archive(shop.actor, { id: item.id });
  expect(first.archivedAt).toBeInstanceOf(Date);
  expect(again.archivedAt).toEqual(first.archivedAt);
  expect(await reader().itemByRef({ sku: 'a' })).toMatchObject({ id: item.id });
});

describe('addBarcode', () => {
  test('the first one is the default; the search knows it', async () => {
    const item = await create('A');
    await services.items.addBarcode(shop.actor, { itemId: item.id, value: EAN13 });
    await services.items.addBarcode(shop.actor, { itemId: item.id, value: 'BOX', quantity: quantity(12) });
    expect(await barcodes(item)).toEqual([`${EAN13} × 1 default`, 'BOX × 12']);
    expect((await saved(item)).searchText).toBe(`item a\na\n${EAN13}\nbox`);
  });

  test('again is no fault, unless it means another quantity or is of another item', async () => {
    const [a, b] = [await create('A'), await create('B')];
    const add = (itemId: string | undefined, value: string, pack = 1) =>
      outcome(() => services.items.addBarcode(shop.actor, { itemId, value, quantity: quantity(pack) }));
    expect([await add(a.id, EAN13), await add(a.id, EAN13)]).toEqual(['done', 'done']);
    expect(await add(a.id, EAN13, 2)).toBe('DUPLICATE code');
    expect(await add(b.id, EAN13)).toBe('DUPLICATE code');
    expect(await add(b.id, '6001234567890')).toBe('INVALID code');
    expect(await add(b.id, 'X', 0)).toBe('INVALID quantity');
    expect(await add(other.items[0]?.id, 'X')).toBe('NOT_FOUND stockItem');
    expect(await add(undefined, 'X')).toBe('NOT_FOUND stockItem');
  });

  test('is a part of its transaction', async () => {
    const item = await create('A');
    await services.work.run(shop.actor, async (transaction) => {
      await services.items.addBarcodeIn(transaction, shop.actor, { itemId: item.id, value: 'GONE' });
      await services.items.createIn(transaction, shop.actor, { sku: 'GONE', name: 'x' });
      transaction.discard();
    });
    expect(await barcodes(item)).toEqual([]);
    expect(await reader().itemByRef({ sku: 'GONE' })).toBeUndefined();
  });
});

test('a name of an item that cannot be stored finds nothing', async () => {
  await create('A');
  const refs = [{ sku: 'a\0' }, { sku: '\ud800' }, { barcode: 'a\0' }, { id: undefined }, { sku: ' a ' }];
  const found = await new StockItemRepository(database.orm.em.fork()).findByRefs(shop.shop.id, refs);
  expect(found.map((item) => item?.sku)).toEqual([undefined, undefined, undefined, undefined, 'A']);
});
