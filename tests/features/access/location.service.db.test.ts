import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccessReader, type Location } from '../../../src/features/access/index.js';
import { query } from '../../../src/platform/sql.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { accessServices, outcome } from './access-fixture.js';

let database: TestDatabase;
let services: ReturnType<typeof accessServices>;
let shop: ShopFixture;
let other: ShopFixture;

beforeAll(async () => {
  database = await createTestDatabase();
  services = accessServices(database.orm.em);
  other = await createShop(database.orm.em);
});
afterAll(() => database.drop());
beforeEach(async () => {
  shop = await createShop(database.orm.em, { locations: 2 });
});

const reader = () => new AccessReader(database.orm.em.fork(), shop.shop.id);
const create = (code: string, parent?: Pick<Location, 'id'>) =>
  services.locations.create(shop.actor, { code, name: `Location ${code}`, parent });
const update = (location: Pick<Location, 'id'>, changes: Parameters<typeof services.locations.update>[2]) =>
  services.locations.update(shop.actor, { id: location.id }, changes);
const archive = (location: Pick<Location, 'id'> | undefined) => services.locations.archive(shop.actor, { id: location?.id });

describe('create', () => {
  test('keeps the code in upper case and finds it however it is written', async () => {
    const made = await services.locations.create(shop.actor, { code: ' shelf-a ', name: ' Shelf A ', parent: shop.locations[0] });
    const found = await reader().locationByCode('Shelf-A');
    expect(found).toMatchObject({ id: made.id, code: 'SHELF-A', name: 'Shelf A', archivedAt: null });
    expect(found?.parent?.id).toBe(shop.locations[0]?.id);
  });

  test('refuses what is not right', async () => {
    expect(await outcome(() => create('l1'))).toBe('DUPLICATE code');
    expect(await outcome(() => create(' '))).toBe('INVALID code');
    expect(await outcome(() => services.locations.create(shop.actor, { code: 'X', name: '\0' }))).toBe('INVALID name');
    expect(await outcome(() => create('X', other.locations[0]))).toBe('NOT_FOUND parent');
    expect(await outcome(() => services.locations.create(shop.actor, { code: 'X', name: 'X', parent: { id: undefined } }))).toBe(
      'NOT_FOUND parent',
    );
    expect(await reader().locations()).toHaveLength(2);
  });

  test('a code of another shop is free', async () => {
    const away = await services.locations.create(other.actor, { code: 'ONLY-HERE', name: 'x' });
    expect(await create('ONLY-HERE')).not.toMatchObject({ id: away.id });
  });
});

describe('update', () => {
  test('changes what is named and nothing else', async () => {
    const parent = await create('P');
    const child = await create('C', parent);
    await update(child, { name: 'New name' });
    expect(await reader().location(child.id)).toMatchObject({ code: 'C', name: 'New name', parent: { id: parent.id } });
    await update(child, { parent: null });
    expect((await reader().location(child.id))?.parent ?? null).toBeNull();
  });

  test('refuses a name or code that is cleared, a code that is taken, a row of another shop', async () => {
    const location = await create('P');
    expect(await outcome(() => update(location, { name: null }))).toBe('INVALID name');
    expect(await outcome(() => update(location, { code: null }))).toBe('INVALID code');
    expect(await outcome(() => update(location, { code: 'L1' }))).toBe('DUPLICATE code');
    const away = { id: other.locations[0]?.id };
    expect(await outcome(() => services.locations.update(shop.actor, away, { name: 'x' }))).toBe('NOT_FOUND id');
  });

  test('makes no circle, and the database would not let it', async () => {
    const [a, b] = [await create('A'), await create('B')];
    const c = await create('C', b);
    await update(b, { parent: a });
    expect(await outcome(() => update(a, { parent: a }))).toBe('INVALID parent');
    expect(await outcome(() => update(a, { parent: c }))).toBe('INVALID parent');
    const behind = query(database.orm.em.fork(), 'update location set parent_id = ? where id = ?', [c.id, a.id]);
    await expect(behind).rejects.toThrow('beneath itself');
  });

  test('two moves that would close a circle together do not both succeed', async () => {
    const [a, b] = [await create('A'), await create('B')];
    const outcomes = await Promise.all([outcome(() => update(a, { parent: b })), outcome(() => update(b, { parent: a }))]);
    expect(outcomes.sort()).toEqual(['INVALID parent', 'done']);
  });
});

describe('archive', () => {
  test('twice is the same as once', async () => {
    const first = await archive(shop.locations[0]);
    const again = await archive(shop.locations[0]);
    expect(first.archivedAt).toBeInstanceOf(Date);
    expect(again.archivedAt).toEqual(first.archivedAt);
  });

  test('is refused for the last one, a full one, one with locations in use beneath it', async () => {
    const [first, second] = shop.locations;
    if (!first || !second) throw new Error('The fixture has too few locations.');
    services.levels.occupied.add(first.id);
    expect(await outcome(() => archive(first))).toBe('IN_USE id');
    const child = await create('CHILD', second);
    expect(await outcome(() => archive(second))).toBe('IN_USE id');
    await archive(child);
    expect(await outcome(() => archive(second))).toBe('done');
    services.levels.occupied.clear();
    expect(await outcome(() => archive(first))).toBe('IN_USE id');
    expect(await outcome(() => archive(other.locations[0]))).toBe('NOT_FOUND id');
  });

  test('nothing is put beneath one that is archived', async () => {
    const location = await create('GONE');
    await archive(location);
    expect(await outcome(() => create('X', location))).toBe('INVALID parent');
  });
});
