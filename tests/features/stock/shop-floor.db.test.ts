import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  LevelGuardRepository,
  MovementService,
  STOCK_REFUSALS,
  type MoveAct,
  type Verdict,
} from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { formatQuantity, quantity } from '../../../src/kernel/quantity.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';

let database: TestDatabase;
let service: MovementService;

beforeAll(async () => {
  database = await createTestDatabase();
  service = new MovementService(new UnitOfWork(database.orm.em, STOCK_REFUSALS), systemClock);
});
afterAll(() => database.drop());

function act(kind: MoveAct['kind'], amount: string, item: MoveAct['item']): MoveAct {
  return { type: 'MOVE', kind, key: { scope: 'STOCK', key: newId() }, item, quantity: quantity(amount) };
}

const onHand = ({ levels }: Verdict) => levels.map((level) => formatQuantity(level.onHand));

describe("the shop's floor", () => {
  const floors = new LevelGuardRepository();
  const setFloor = async (fixture: ShopFixture, floor: '0' | null): Promise<void> => {
    const em = database.orm.em.fork();
    await em.begin();
    await em.execute('update shop set stock_floor = ? where id = ?', [floor, fixture.shop.id]);
    await floors.applyFloor(em, fixture.shop.id, floor === null ? null : quantity(floor));
    await em.commit();
  };

  test('none: sold before it was booked in; set later: no lower, but back up is allowed', async () => {
    const lenient = await createShop(database.orm.em, { stockFloor: null });
    const base = { id: lenient.items[0]?.id };
    const sold = await service.postOne(lenient.actor, act('SALE', '3', base));
    expect(onHand(sold)).toEqual(['-3']);
    await setFloor(lenient, '0');
    const lower = await service.postOne(lenient.actor, act('SALE', '1', base));
    const higher = await service.postOne(lenient.actor, act('RETURN', '1', base));
    expect([lower.refusal?.code, onHand(higher)]).toEqual(['INSUFFICIENT_STOCK', ['-2']]);
    await service.postOne(lenient.actor, act('RECEIPT', '5', base));
    const below = await service.postOne(lenient.actor, act('SALE', '4', base));
    expect([below.refusal?.code, onHand(below)]).toEqual(['INSUFFICIENT_STOCK', ['3']]);
  });

  test('a count whose change is larger than can be stored is refused', async () => {
    const lenient = await createShop(database.orm.em, { stockFloor: null });
    const base = { id: lenient.items[0]?.id };
    await service.postOne(lenient.actor, act('SALE', '99999999999999', base));
    const { refusal } = await service.postOne(lenient.actor, act('COUNT', '1', base));
    expect([refusal?.code, refusal?.path]).toEqual(['INVALID', ['quantity']]);
  });

  test('a floor that is set while an act waits for its level binds that act', async () => {
    const lenient = await createShop(database.orm.em, { stockFloor: null });
    const base = { id: lenient.items[0]?.id };
    await service.postOne(lenient.actor, act('RECEIPT', '1', base));
    const em = database.orm.em.fork();
    await em.begin();
    await em.execute("update shop set stock_floor = '0' where id = ?", [lenient.shop.id]);
    await floors.applyFloor(em, lenient.shop.id, quantity('0'));
    const waiting = service.postOne(lenient.actor, act('SALE', '2', base));
    await em.execute('select pg_sleep(0.2)');
    await em.commit();
    expect((await waiting).refusal?.code).toBe('INSUFFICIENT_STOCK');
  });
});
