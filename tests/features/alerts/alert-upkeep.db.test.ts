import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { AlertBench } from './alert-bench.js';

const DAY_MS = 24 * 3_600_000;
const NEVER = new AbortController().signal;

let bench: AlertBench;
beforeAll(async () => {
  bench = await AlertBench.open({ items: 20, locations: 2, stockFloor: null });
});
beforeEach(() => {
  bench.aheadMs = 0;
  bench.heard();
});
afterAll(() => bench.database.drop());

/** As a version posts that knows no alerts. */
async function postOld(kind: 'RECEIPT' | 'SALE' | 'COUNT', id: string, amount: number): Promise<void> {
  const { refusal } = await bench.unwatched.postOne(bench.shop.actor, bench.act(kind, id, amount));
  if (refusal) throw refusal;
}

describe('what a version posts that knows no alerts', () => {
  test('resolves what has no cause any more; a dip after that is told again', async () => {
    const id = bench.freshItem();
    await bench.post('RECEIPT', id, 9);
    await bench.setRule(id, 5);
    await bench.post('SALE', id, 5);
    await postOld('RECEIPT', id, 50);
    bench.heard();
    expect(await bench.openOf(id)).toEqual(['LOW_STOCK']);
    expect(await bench.upkeep.look(NEVER)).toEqual({ opened: 0, resolved: 1 });
    expect([bench.heard(), await bench.openOf(id)]).toEqual([['resolved LOW_STOCK'], []]);
    await bench.post('SALE', id, 50);
    expect(bench.heard()).toEqual(['opened LOW_STOCK']);
  });

  test('opens what has cause, of each kind, once, and tells it', async () => {
    const id = bench.freshItem();
    await bench.post('RECEIPT', id, 9);
    await bench.setRule(id, 5);
    await postOld('SALE', id, 10);
    await bench.upkeep.look(NEVER);
    const kinds = ['LOW_STOCK', 'NEGATIVE_STOCK', 'OUT_OF_STOCK'];
    expect(bench.heard().sort()).toEqual(kinds.map((kind) => `opened ${kind}`));
    expect((await bench.openOf(id)).sort()).toEqual(kinds);
    expect(await bench.upkeep.look(NEVER)).toEqual({ opened: 0, resolved: 0 });
    expect(bench.heard()).toEqual([]);
  });

  test('is told to the webhooks of the shop', async () => {
    const id = bench.freshItem();
    await postOld('RECEIPT', id, 1);
    await postOld('SALE', id, 1);
    const em = bench.database.orm.em.fork();
    await em.execute(`update shop set webhook_kinds = '{alert.opened}' where id = ?`, [bench.shop.actor.shopId]);
    await bench.upkeep.look(NEVER);
    expect(bench.heardEvents()).toMatchObject([{ type: 'alert.opened', kind: 'OUT_OF_STOCK', webhookKinds: ['alert.opened'] }]);
  });

  test('and archives leaves nothing open', async () => {
    const id = bench.freshItem();
    await bench.post('RECEIPT', id, 1);
    await bench.post('SALE', id, 1);
    bench.heard();
    await bench.unwatchedItems.archive(bench.shop.actor, { id });
    expect(await bench.openOf(id)).toEqual(['OUT_OF_STOCK']);
    await bench.upkeep.look(NEVER);
    expect([bench.heard(), await bench.openOf(id)]).toEqual([['resolved OUT_OF_STOCK'], []]);
    await bench.upkeep.walk(NEVER);
    expect(bench.heard()).toEqual([]);
  });

  test('is found by the walk where it happened long before any look', async () => {
    const id = bench.freshItem();
    await postOld('RECEIPT', id, 3);
    await postOld('SALE', id, 3);
    bench.aheadMs = DAY_MS;
    expect(await bench.upkeep.look(NEVER)).toEqual({ opened: 0, resolved: 0 });
    expect(await bench.upkeep.walk(NEVER)).toEqual({ opened: 1, resolved: 0 });
    expect([bench.heard(), await bench.openOf(id)]).toEqual([['opened OUT_OF_STOCK'], ['OUT_OF_STOCK']]);
  });
});

test('a level that never held stock is not out of stock: added, with a rule, or only ever below zero', async () => {
  const [added, ruled, sunk] = [bench.freshItem(), bench.freshItem(), bench.freshItem()];
  await bench.movements.post(bench.shop.actor, [bench.act('COUNT', added, 0)]);
  await bench.setRule(ruled, 2);
  await bench.post('SALE', sunk, 2);
  expect(bench.heard()).toEqual(['opened LOW_STOCK', 'opened NEGATIVE_STOCK']);
  expect(await bench.upkeep.walk(NEVER)).toEqual({ opened: 0, resolved: 0 });
  expect(bench.heard()).toEqual([]);
});

test('several at once, beside postings that pass the same edges, open nothing twice and leave nothing wrong', async () => {
  const id = bench.freshItem();
  await postOld('RECEIPT', id, 3);
  await bench.setRule(id, 2);
  bench.heard();
  for (let round = 0; round < 5; round += 1) {
    await postOld('COUNT', id, round % 2 === 0 ? 0 : 9);
    await Promise.all([
      ...Array.from({ length: 3 }, () => bench.upkeep.look(NEVER)),
      bench.post('RECEIPT', id, 4),
      bench.post('SALE', id, 4),
    ]);
  }
  await bench.upkeep.look(NEVER);
  const kinds = (await bench.openOf(id)).sort();
  expect(kinds).toEqual(['LOW_STOCK', 'OUT_OF_STOCK']);
  const told = bench.heard();
  const count = (type: string): number => told.filter((each) => each.startsWith(type)).length;
  expect(count('opened') - count('resolved')).toBe(kinds.length);
  expect(await bench.upkeep.walk(NEVER)).toEqual({ opened: 0, resolved: 0 });
});

describe('the sweep', () => {
  async function addAlert(id: string, ageDays: number, over: boolean): Promise<string> {
    const at = new Date(Date.now() - ageDays * DAY_MS);
    const alertId = `${at
      .getTime()
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}${newId().slice(13)}`;
    await bench.database.orm.em.fork().execute(
      `insert into stock_alert (shop_id, id, kind, level_id, opened_at, resolved_at)
       select shop_id, ?, 'OUT_OF_STOCK', id, ?, ? from stock_level where stock_item_id = ?`,
      [alertId, at, over ? at : null, id],
    );
    return alertId;
  }

  test('deletes what has been over for 90 days, unless a notice names it', async () => {
    const id = bench.freshItem();
    await bench.setRule(id, 1);
    const gone = await addAlert(id, 91, true);
    const named = await addAlert(id, 92, true);
    const young = await addAlert(id, 89, true);
    const open = await addAlert(id, 95, false);
    const { shopId } = bench.shop.actor;
    const [recipient, notification] = [newId(), newId()];
    const em = bench.database.orm.em.fork();
    await em.execute(
      `insert into notification_recipient (shop_id, id, name, language, enabled, link_secret, created_at, updated_at)
       values (?, ?, 'A', 'EN', true, '', now(), now())`,
      [shopId, recipient],
    );
    await em.execute(
      `insert into notification (shop_id, id, recipient_id, channel, state, tries, created_at, due_at) values (?, ?, ?, 'EMAIL', 'QUEUED', 0, now(), now())`,
      [shopId, notification, recipient],
    );
    await em.execute(
      `insert into alert_notice (shop_id, alert_id, recipient_id, channel, notification_id, created_at) values (?, ?, ?, 'EMAIL', ?, now())`,
      [shopId, named, recipient, notification],
    );
    expect(await bench.upkeep.sweep(NEVER)).toBe(1);
    const left = (await bench.alertsOf(id)).map((alert) => alert.id);
    expect([named, young, open].filter((each) => !left.includes(each))).toEqual([]);
    expect(left).not.toContain(gone);
    expect(await bench.upkeep.sweep(NEVER)).toBe(0);
  });
});

test('stops where its signal says so', async () => {
  const id = bench.freshItem();
  await postOld('RECEIPT', id, 1);
  await postOld('SALE', id, 1);
  await expect(bench.upkeep.walk(AbortSignal.abort())).rejects.toThrow();
});
