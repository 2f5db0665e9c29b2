import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Category } from '../../../src/features/catalog/index.js';
import { query } from '../../../src/platform/sql.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { outcome } from '../access/access-fixture.js';
import { catalogServices } from './catalog-fixture.js';

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
  shop = await createShop(database.orm.em);
});

const reader = () => services.reader(shop.shop.id);
const create = (code: string, parent?: Pick<Category, 'id'>) =>
  services.categories.create(shop.actor, { code, name: `Category ${code}`, parent });
const update = (category: Pick<Category, 'id'>, changes: Parameters<typeof services.categories.update>[2]) =>
  services.categories.update(shop.actor, { id: category.id }, changes);
const remove = (category: Pick<Category, 'id'>) => services.categories.delete(shop.actor, { id: category.id });

describe('create', () => {
  test('keeps the code in upper case', async () => {
    const root = await create('food');
    const child = await services.categories.create(shop.actor, { code: ' Bread ', name: ' Bread ', parent: root });
    expect(await reader().categories.byCode('BREAD')).toMatchObject({ id: child.id, name: 'Bread', parent: { id: root.id } });
  });

  test('refuses what is not right', async () => {
    await create('FOOD');
    const away = await services.categories.create(other.actor, { code: 'AWAY', name: 'x' });
    expect(await outcome(() => create(' food'))).toBe('DUPLICATE code');
    expect(await outcome(() => services.categories.create(shop.actor, { code: 'x\0', name: 'x' }))).toBe('INVALID code');
    expect(await outcome(() => services.categories.create(shop.actor, { code: 'X', name: ' ' }))).toBe('INVALID name');
    expect(await outcome(() => create('X', away))).toBe('NOT_FOUND parent');
    expect(await outcome(() => create('AWAY'))).toBe('done');
  });
});

describe('update', () => {
  test('moves a category with everything beneath it', async () => {
    const [a, b] = [await create('A'), await create('B')];
    const c = await create('C', a);
    const d = await create('D', c);
    await update(c, { parent: b });
    expect((await reader().categories.pathOf(d)).map(({ code }) => code)).toEqual(['B', 'C', 'D']);
    await update(c, { parent: null, name: 'Moved' });
    expect((await reader().categories.pathOf(d)).map(({ name }) => name)).toEqual(['Moved', 'Category D']);
  });

  test('makes no circle, and the database would not let it', async () => {
    const a = await create('A');
    const b = await create('B', a);
    const c = await create('C', b);
    expect(await outcome(() => update(a, { parent: a }))).toBe('INVALID parent');
    expect(await outcome(() => update(a, { parent: c }))).toBe('INVALID parent');
    const behind = query(database.orm.em.fork(), 'update category set parent_id = ? where id = ?', [c.id, a.id]);
    await expect(behind).rejects.toThrow('beneath itself');
  });

  test('two moves that would close a circle together do not both succeed', async () => {
    const [a, b] = [await create('A'), await create('B')];
    const outcomes = await Promise.all([outcome(() => update(a, { parent: b })), outcome(() => update(b, { parent: a }))]);
    expect(outcomes.sort()).toEqual(['INVALID parent', 'done']);
  });

  test('refuses what is cleared, taken or not there', async () => {
    const a = await create('A');
    await create('B');
    expect(await outcome(() => update(a, { name: null }))).toBe('INVALID name');
    expect(await outcome(() => update(a, { code: null }))).toBe('INVALID code');
    expect(await outcome(() => update(a, { code: 'b' }))).toBe('DUPLICATE code');
    expect(await outcome(() => update(a, { parent: { id: undefined } }))).toBe('NOT_FOUND parent');
    expect(await outcome(() => services.categories.update(other.actor, { id: a.id }, { name: 'x' }))).toBe('NOT_FOUND id');
  });
});

describe('delete', () => {
  test('only what is empty, archived items counted', async () => {
    const a = await create('A');
    const b = await create('B', a);
    const item = await services.items.create(shop.actor, { sku: 'IN-B', name: 'x', category: b });
    await services.items.archive(shop.actor, { id: item.id });
    expect(await outcome(() => remove(a))).toBe('IN_USE id');
    expect(await outcome(() => remove(b))).toBe('IN_USE id');
    await services.items.update(shop.actor, { id: item.id }, { category: null });
    expect((await remove(b)).code).toBe('B');
    expect(await outcome(() => remove(b))).toBe('NOT_FOUND id');
    expect(await outcome(() => remove(a))).toBe('done');
    expect(await reader().categories.roots()).toEqual([]);
  });

  test('beside the creation of an item in it: one of the two is refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const category = await create(`R${String(round)}`);
      const sku = `RACE-${String(round)}`;
      const outcomes = await Promise.all([
        outcome(() => services.items.create(shop.actor, { sku, name: 'x', category })),
        outcome(() => remove(category)),
      ]);
      expect([
        ['done', 'IN_USE id'],
        ['NOT_FOUND category', 'done'],
      ]).toContainEqual(outcomes);
    }
  });
});
