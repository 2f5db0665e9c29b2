import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { ALERT_KINDS } from '../../../src/features/alerts/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { countsStatements, statementsOf } from '../../support/statements.js';
import { AlertBench } from './alert-bench.js';

let bench: AlertBench;
beforeAll(async () => {
  // Without a floor, so that a level can go below zero.
  bench = await AlertBench.open({ items: 20, locations: 2, stockFloor: null });
});
afterAll(() => bench.database.drop());

async function stocked(onHand: number): Promise<string> {
  const id = bench.freshItem();
  await bench.post('RECEIPT', id, onHand);
  bench.heard();
  return id;
}

describe('a posting', () => {
  test('opens each alert once, on the edge, and resolves it when its cause is gone', async () => {
    const id = await stocked(7);
    await bench.setRule(id, 5);
    expect(bench.heard()).toEqual([]);
    await bench.post('SALE', id, 2);
    expect(bench.heard()).toEqual(['opened LOW_STOCK']);
    await bench.post('SALE', id, 2);
    expect(bench.heard()).toEqual([]);
    await bench.post('SALE', id, 3);
    expect(bench.heard()).toEqual(['opened OUT_OF_STOCK']);
    await bench.post('SALE', id, 1);
    expect(bench.heard()).toEqual(['opened NEGATIVE_STOCK']);
    await bench.post('RECEIPT', id, 1);
    expect(bench.heard()).toEqual(['resolved NEGATIVE_STOCK']);
    await bench.post('RECEIPT', id, 9);
    expect(bench.heard()).toEqual(['resolved LOW_STOCK', 'resolved OUT_OF_STOCK']);
    expect(await bench.alertsOf(id)).toMatchObject(ALERT_KINDS.map((kind) => ({ kind, isOpen: false })));
  });

  test('is told with the ids of the alerts, and for whom', async () => {
    const id = await stocked(1);
    const actor = {
      ...bench.shop.actor,
      shop: Object.assign(Object.create(bench.shop.shop) as object, { webhookKinds: ['x'], notifies: true }),
    };
    await bench.movements.postOne(actor as never, bench.act('SALE', id, 1));
    const [alert] = await bench.alertsOf(id);
    const told = { type: 'alert.opened', shopId: bench.shop.actor.shopId, alertId: alert?.id, kind: 'OUT_OF_STOCK' };
    expect(bench.heardEvents()).toEqual([{ ...told, webhookKinds: ['x'], notifies: true }]);
  });

  test('that dips and recovers did dip: an alert is opened and resolved', async () => {
    const id = await stocked(7);
    await bench.setRule(id, 5);
    const acts = [bench.act('SALE', id, 3), bench.act('RECEIPT', id, 3)];
    await bench.movements.post(bench.shop.actor, acts, { atomic: true });
    const [opened, resolved] = bench.heardEvents();
    expect([opened?.type, resolved?.type]).toEqual(['alert.opened', 'alert.resolved']);
    expect(resolved?.alertId).toBe(opened?.alertId);
    expect(await bench.alertsOf(id)).toEqual([{ id: opened?.alertId, kind: 'LOW_STOCK', isOpen: false }]);
  });

  test('that dips twice and stays down opens two, the first of which is resolved', async () => {
    const id = await stocked(7);
    await bench.setRule(id, 5);
    const acts = [bench.act('SALE', id, 3), bench.act('RECEIPT', id, 3), bench.act('COUNT', id, 1)];
    await bench.movements.post(bench.shop.actor, acts);
    expect(bench.heard()).toEqual(['opened LOW_STOCK', 'resolved LOW_STOCK', 'opened LOW_STOCK']);
    expect((await bench.alertsOf(id)).map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  test('that ends an alert of before and dips again ends that one first', async () => {
    const id = await stocked(5);
    await bench.setRule(id, 5);
    const [before] = await bench.alertsOf(id);
    bench.heard();
    await bench.movements.post(bench.shop.actor, [bench.act('RECEIPT', id, 3), bench.act('SALE', id, 3)]);
    const [resolved, opened] = bench.heardEvents();
    expect([resolved?.type, resolved?.alertId, opened?.type]).toEqual(['alert.resolved', before?.id, 'alert.opened']);
    expect(await bench.openOf(id)).toEqual(['LOW_STOCK']);
  });

  test('that is only tried, or refused as a whole, tells nothing and opens nothing', async () => {
    const id = await stocked(7);
    await bench.setRule(id, 5);
    await bench.movements.post(bench.shop.actor, [bench.act('SALE', id, 7)], { dryRun: true });
    const impossible = { ...bench.act('SALE', id, 1), item: { id: newId() } } as ReturnType<typeof bench.act>;
    await bench.movements.post(bench.shop.actor, [bench.act('SALE', id, 7), impossible], { atomic: true });
    expect([bench.heard(), await bench.alertsOf(id)]).toEqual([[], []]);
  });

  test('a transfer can empty one place and fill another', async () => {
    const id = await stocked(3);
    const [from, to] = bench.shop.locations.map((location) => ({ id: location.id }));
    if (!from || !to) throw new Error('The fixture has two locations.');
    const key = { scope: 'STOCK', key: newId() } as const;
    await bench.movements.postOne(bench.shop.actor, { type: 'TRANSFER', key, item: { id }, from, to, quantity: quantity(3) });
    expect(bench.heard()).toEqual(['opened OUT_OF_STOCK']);
    expect(await bench.openOf(id)).toEqual(['OUT_OF_STOCK']);
  });

  test('a place where nothing ever was is not out of stock, and a key sent again tells nothing again', async () => {
    const id = bench.freshItem();
    const act = bench.act('RECEIPT', id, 5);
    await bench.movements.postOne(bench.shop.actor, act);
    expect(bench.heard()).toEqual([]);
    const sale = bench.act('SALE', id, 5);
    for (let time = 0; time < 2; time += 1) await bench.movements.postOne(bench.shop.actor, sale);
    expect(bench.heard()).toEqual(['opened OUT_OF_STOCK']);
  });
});

describe('a rule', () => {
  test('opens and resolves as movements do', async () => {
    const id = await stocked(5);
    await bench.setRule(id, 5);
    expect(bench.heard()).toEqual(['opened LOW_STOCK']);
    await bench.setRule(id, 6);
    expect(bench.heard()).toEqual([]);
    await bench.setRule(id, 4);
    expect(bench.heard()).toEqual(['resolved LOW_STOCK']);
    await bench.setRule(id, 9);
    await bench.rules.remove(bench.shop.actor, bench.placeOf(id));
    expect(bench.heard()).toEqual(['opened LOW_STOCK', 'resolved LOW_STOCK']);
    expect((await bench.alertsOf(id)).map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  test('of a level that is not there makes it at zero, and there is little of it', async () => {
    const id = bench.freshItem();
    const level = await bench.setRule(id, 2);
    expect([level.onHand.toFixed(), level.version, bench.heard()]).toEqual(['0', 1, ['opened LOW_STOCK']]);
    await bench.post('RECEIPT', id, 3);
    expect(bench.heard()).toEqual(['resolved LOW_STOCK']);
  });
});

describe('the database', () => {
  test('lets no second alert of a kind be open of a level, whoever writes it', async () => {
    const id = await stocked(1);
    await bench.post('SALE', id, 1);
    const again = bench.database.orm.em.fork().execute(
      `insert into stock_alert (shop_id, id, kind, level_id, opened_at)
       select shop_id, ?, kind, level_id, opened_at from stock_alert where id = ?`,
      [newId(), (await bench.alertsOf(id))[0]?.id],
    );
    await expect(again).rejects.toThrow(/stock_alert_open_unique/);
  });

  test('one that a version from before alerts left open is not opened twice, and is resolved', async () => {
    const id = await stocked(3);
    const left = newId();
    await bench.database.orm.em.fork().execute(
      `insert into stock_alert (shop_id, id, kind, level_id, opened_at)
       select shop_id, ?, 'OUT_OF_STOCK', id, now() from stock_level where stock_item_id = ?`,
      [left, id],
    );
    await bench.post('SALE', id, 3);
    expect([bench.heard(), await bench.alertsOf(id)]).toEqual([[], [{ id: left, kind: 'OUT_OF_STOCK', isOpen: true }]]);
    await bench.post('RECEIPT', id, 3);
    expect([bench.heard(), await bench.openOf(id)]).toEqual([['resolved OUT_OF_STOCK'], []]);
  });

  async function counted(context: TestContext, act: () => Promise<unknown>): Promise<number> {
    const em = bench.database.orm.em.fork();
    if (!(await countsStatements(em))) context.skip('this server does not load pg_stat_statements');
    return (await statementsOf(em, act)).length;
  }

  test('runs not one statement more for a posting that passes no edge, and one more for one that does', async (context) => {
    const id = await stocked(100);
    await bench.setRule(id, 5);
    const sale = (amount: number) => bench.act('SALE', id, amount);
    const without = await counted(context, () => bench.unwatched.postOne(bench.shop.actor, sale(1)));
    const within = await counted(context, () => bench.movements.postOne(bench.shop.actor, sale(1)));
    const across = await counted(context, () => bench.movements.postOne(bench.shop.actor, sale(95)));
    expect([within - without, across - without > 0]).toEqual([0, true]);
    expect(await bench.openOf(id)).toEqual(['LOW_STOCK']);
  });
});

describe('what is archived', () => {
  test('an item calls for nobody: what is open is resolved, and no movement opens more', async () => {
    const id = await stocked(5);
    await bench.setRule(id, 5);
    bench.heard();
    await bench.items.archive(bench.shop.actor, { id });
    expect([bench.heard(), await bench.openOf(id)]).toEqual([['resolved LOW_STOCK'], []]);
    await bench.items.archive(bench.shop.actor, { id });
    await bench.post('SALE', id, 6);
    expect([bench.heard(), await bench.openOf(id)]).toEqual([[], []]);
    await expect(bench.setRule(id, 5)).rejects.toMatchObject({ code: 'INVALID', path: ['stockItem'] });
  });

  test('nor does a location, where nothing lies', async () => {
    const { id: location } = await bench.locations.create(bench.shop.actor, { code: 'GONE', name: 'Gone' });
    const id = bench.freshItem();
    const rule = { reorderPoint: quantity(1), reorderQuantity: quantity(1) };
    const place = { stockItem: { id }, location: { id: location } };
    await bench.rules.set(bench.shop.actor, place, rule);
    expect(bench.heard()).toEqual(['opened LOW_STOCK']);
    await bench.locations.archive(bench.shop.actor, { id: location });
    expect([bench.heard(), await bench.openOf(id)]).toEqual([['resolved LOW_STOCK'], []]);
    await expect(bench.rules.set(bench.shop.actor, place, rule)).rejects.toMatchObject({ code: 'INVALID', path: ['location'] });
  });
});
