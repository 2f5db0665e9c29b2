import { expect, test } from 'vitest';
import { MovementService, STOCK_REFUSALS, type StockAct } from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase } from '../../support/database.js';
import { createShop } from '../../support/shop-fixture.js';

test('a location that is archived while an act waits for its level is seen, though the act had read it before', async () => {
  const database = await createTestDatabase();
  const service = new MovementService(new UnitOfWork(database.orm.em, STOCK_REFUSALS), systemClock);
  const { actor, items, shop } = await createShop(database.orm.em);
  // Without a location, so that the shop's only one is looked up before the level is locked.
  const receive = (): StockAct => ({
    type: 'MOVE',
    kind: 'RECEIPT',
    key: { scope: 'STOCK', key: newId() },
    item: { id: items[0]?.id },
    quantity: quantity(1),
  });
  await service.postOne(actor, receive());
  const em = database.orm.em.fork();
  await em.begin();
  await em.execute('select 1 from stock_level where shop_id = ? for update', [shop.id]);
  const waiting = service.postOne(actor, receive());
  await em.execute('select pg_sleep(0.2)');
  await em.execute('update location set archived_at = now() where shop_id = ?', [shop.id]);
  await em.commit();
  const { refusal } = await waiting;
  await database.drop();
  expect(refusal?.message).toBe('Location 1 is archived: use another location.');
});
