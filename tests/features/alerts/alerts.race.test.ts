import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { judge, openTraffic, sellOut, sellUnderChangingRules } from './alert-traffic.js';

/** A short slice of what `npm run check:alerts` does. */
const SIZE = { points: 40, clients: 16 };

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
