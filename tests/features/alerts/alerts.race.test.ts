import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { AlertWatchService } from '../../../src/features/alerts/index.js';
import { LevelGuardRepository, MovementService } from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import type { Tenancy } from '../../../src/platform/tenancy.js';
import { Transaction, UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { judge, openTraffic, sellOut, sellUnderChangingRules } from './alert-traffic.js';

/** A short slice of what `npm run check:alerts` does. */
const SIZE = { points: 20, clients: 16 };

let database: TestDatabase;
let app: App;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

test('many clients sell through many points: each dip has one alert, and one is open where there is cause', async () => {
  const { url } = await app.listen();
  const traffic = await openTraffic(app, url, SIZE);
  await sellOut(traffic);
  const sold = await judge(database.orm.em.fork(), traffic.shopId, { rulesStand: true });
  expect([sold.levels, sold.faults]).toEqual([SIZE.points, []]);
  expect(sold.opened).toBeGreaterThan(SIZE.points);
  await sellUnderChangingRules(traffic);
  const changed = await judge(database.orm.em.fork(), traffic.shopId, { rulesStand: false });
  expect([changed.opened > sold.opened, changed.faults]).toEqual([true, []]);
});

test('an item that is archived while a level of it is just being added: what opens of that is resolved', async () => {
  const { actor, location } = await app.services.shops.create({ name: 'Archive', currency: 'ZAR', timeZone: 'UTC' });
  const item = await app.services.items.create(actor, { sku: 'LATE', name: 'Late' });
  const em = database.orm.em.fork();
  const levelId = newId();
  await em.begin();
  await em.execute(
    `insert into stock_level (shop_id, id, stock_item_id, location_id, on_hand, version, updated_at) values (?, ?, ?, ?, 0, 0, ?)`,
    [actor.shopId, levelId, item.id, location.id, systemClock.now()],
  );
  const archived = app.services.items.archive(actor, { id: item.id });
  await em.execute('select pg_sleep(0.2)');
  await em.execute(`insert into stock_alert (shop_id, id, kind, level_id, opened_at) values (?, ?, 'LOW_STOCK', ?, ?)`, [
    ...[actor.shopId, newId(), levelId],
    systemClock.now(),
  ]);
  await em.commit();
  await archived;
  const open = await database.orm.em
    .fork()
    .execute('select 1 from stock_alert where level_id = ? and resolved_at is null', [levelId]);
  expect(open).toEqual([]);
});

/** Stops before its commit until it is released. */
class HeldWork extends UnitOfWork {
  readonly reached = Promise.withResolvers<undefined>();
  readonly released = Promise.withResolvers<undefined>();

  override async run<T>(_shop: Tenancy, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const em = database.orm.em.fork();
    await em.begin();
    const result = await work(new Transaction(em));
    await em.flush();
    this.reached.resolve(undefined);
    await this.released.promise;
    await em.commit();
    return result;
  }
}

test('a rule that is taken away while a sale of its level is on its way takes along what the sale opens', async () => {
  const { actor, location } = await app.services.shops.create({ name: 'Held', currency: 'ZAR', timeZone: 'UTC' });
  const item = await app.services.items.create(actor, { sku: 'HELD', name: 'Held' });
  const place = { stockItem: { id: item.id }, location: { id: location.id } };
  const move = { type: 'MOVE', item: place.stockItem, location: place.location } as const;
  const key = () => ({ scope: 'STOCK', key: newId() }) as const;
  await app.services.movements.postOne(actor, { ...move, kind: 'RECEIPT', key: key(), quantity: quantity(9) });
  await app.services.rules.set(actor, place, { reorderPoint: quantity(5), reorderQuantity: quantity(5) });
  const work = new HeldWork(database.orm.em, {});
  const movements = new MovementService(work, systemClock, new AlertWatchService(new LevelGuardRepository()));
  const selling = movements.postOne(actor, { ...move, kind: 'SALE', key: key(), quantity: quantity(8) });
  await work.reached.promise;
  const removing = app.services.rules.remove(actor, place);
  await database.orm.em.fork().execute('select pg_sleep(0.2)');
  work.released.resolve(undefined);
  await selling;
  const level = await removing;
  const alerts = await database.orm.em
    .fork()
    .execute('select kind, resolved_at is null as "isOpen" from stock_alert where level_id = ?', [level?.id]);
  expect(alerts).toEqual([{ kind: 'LOW_STOCK', isOpen: false }]);
});
