import { afterAll, beforeAll, expect, test } from 'vitest';
import { MovementService, STOCK_REFUSALS } from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop } from '../../support/shop-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a membership that is added by hand is a principal of the name of its person, and the ledger takes it for who acted', async () => {
  const em = database.orm.em.fork();
  const { actor, items } = await createShop(em);
  const [person, member] = [newId(), newId()];
  await em.execute('insert into person (id, email, name, created_at, updated_at) values (?, ?, ?, now(), now())', [
    ...[person, 'thandi@example.co.za', 'Thandi'],
  ]);
  await em.execute("insert into membership (shop_id, id, person_id, role, created_at) values (?, ?, ?, 'CLERK', now())", [
    ...[actor.shopId, member, person],
  ]);
  expect(await em.execute('select kind, name from principal where shop_id = ? and id = ?', [actor.shopId, member])).toEqual([
    { kind: 'PERSON', name: 'Thandi' },
  ]);
  const movements = new MovementService(new UnitOfWork(database.orm.em, STOCK_REFUSALS), systemClock);
  const key = { scope: 'STOCK', key: newId() } as const;
  const act = { type: 'MOVE', kind: 'RECEIPT', key, item: { id: items[0]?.id }, quantity: quantity('5') } as const;
  expect(await movements.postOne({ ...actor, actorId: member }, act)).toMatchObject({ status: 'APPLIED' });
  expect(await em.execute('select actor_id from stock_movement where shop_id = ?', [actor.shopId])).toEqual([
    { actor_id: member },
  ]);
});
