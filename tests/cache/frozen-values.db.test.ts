import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessReader, ApiKeyAuthenticator } from '../../src/features/access/index.js';
import { CatalogReader } from '../../src/features/catalog/index.js';
import { StockReader } from '../../src/features/stock/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { quantity } from '../../src/kernel/quantity.js';
import { createServices } from '../../src/app/services.js';
import { closeCachesAfterEach, SILENT, startCache, Tally } from '../platform/cache/cache-fixture.js';
import { testAdapters } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
closeCachesAfterEach();

/** Where something within a value can be changed; instants and exact decimals are nobody's to change anyway. */
function changeable(value: unknown, path: string, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Date || 'toFixed' in value || seen.has(value)) return [];
  seen.add(value);
  const within = Object.entries(value).flatMap(([name, inner]) => changeable(inner, `${path}.${name}`, seen));
  return Object.isFrozen(value) ? within : [path, ...within];
}

test('what many requests are handed cannot be changed by one of them', async () => {
  const { em } = database.orm;
  const services = createServices(em, { log: SILENT, adapters: testAdapters() });
  const { actor, secret, location } = await services.shops.create({
    name: 'Frozen',
    currency: 'ZAR',
    timeZone: 'Africa/Johannesburg',
  });
  const food = await services.categories.create(actor, { code: 'FOOD', name: 'Food' });
  const rye = await services.categories.create(actor, { code: 'RYE', name: 'Rye', parent: food });
  const barcodes = [{ value: 'CODE' }];
  const { id } = await services.items.create(actor, {
    sku: 'BREAD',
    name: 'Bread',
    category: rye,
    salePrice: quantity(1),
    barcodes,
  });
  const receipt = {
    type: 'MOVE',
    kind: 'RECEIPT',
    key: { scope: 'STOCK', key: '1' },
    item: { id },
    location,
    quantity: quantity(1),
  } as const;
  await services.movements.postOne(actor, receipt);

  const errors: unknown[] = [];
  const tally = new Tally();
  const cache = await startCache({ databaseUrl: database.url, metrics: tally });
  const authenticator = new ApiKeyAuthenticator(em, systemClock, (error) => errors.push(error), cache);
  const readAll = async () => {
    const session = cache.session();
    const access = new AccessReader(em.fork(), actor.shopId, session);
    const catalog = new CatalogReader(em.fork(), actor.shopId, session);
    const stock = new StockReader(em.fork(), actor.shopId, session);
    const read = {
      actor: await authenticator.authenticate(secret, session),
      location: await access.location(location.id),
      code: await access.locationByCode('shop'),
      only: await access.onlyLocation(),
      item: await catalog.item(id),
      sku: await catalog.itemByRef({ sku: 'bread' }),
      barcode: await catalog.barcode('CODE'),
      category: await catalog.category(rye.id),
      roots: await catalog.categories.roots(),
      children: await catalog.categories.childrenOf(food),
      levels: await stock.levelsOf(id),
    };
    await authenticator.close();
    return read;
  };
  await readAll();
  const { miss } = tally.reads;
  const read = await readAll();
  expect(tally.reads).toMatchObject({ miss, outdated: 0, bypass: 0 });
  expect(Object.values(read).filter((value) => value === undefined)).toEqual([]);
  expect(errors).toEqual([]);
  expect(read.levels).toHaveLength(1);
  expect(Object.entries(read).flatMap(([name, value]) => changeable(value, name))).toEqual([]);
});
