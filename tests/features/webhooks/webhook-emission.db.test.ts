import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
import { countsStatements, statementsOf } from '../../support/statements.js';
import { WebhookBench } from './webhook-bench.js';

const URL = 'https://hooks.example.com/stock';
let bench: WebhookBench;
let shop: ShopFixture;

beforeAll(async () => {
  bench = await WebhookBench.open();
});
beforeEach(async () => {
  shop = await bench.openShop();
});
afterAll(() => bench.close());

async function payloads(): Promise<unknown[]> {
  return (await bench.jobs('webhooks.fan-out', shop)).map(({ payload }) => payload);
}

function sale(amount: string, key = newId()) {
  const at = { item: { id: shop.items[0]?.id }, location: { id: shop.locations[0]?.id } };
  return { type: 'MOVE', kind: 'SALE', key: { scope: 'STOCK', key }, ...at, quantity: quantity(amount) } as const;
}

test('a posting of a shop that nobody listens to has not one statement for it', async (context) => {
  if (!(await countsStatements(bench.database.orm.em))) context.skip();
  await bench.receive(shop);
  const post = () => statementsOf(bench.database.orm.em, () => bench.receive(shop));
  const before = await post();
  expect(before.filter((sql) => /outbox|webhook_(endpoint|delivery)/.test(sql))).toEqual([]);
  await bench.listen(shop, URL, ['item', 'alert']);
  expect(await post()).toHaveLength(before.length);
  await bench.listen(shop, URL, ['movement']);
  expect(await post()).toHaveLength(before.length + 1);
});

describe('movements', () => {
  test('each that was written is named, in one job for a posting, and none that was not', async () => {
    await bench.listen(shop, URL);
    const [received] = await bench.receive(shop, '5');
    const known = sale('1');
    const [first] = await bench.movements.post(shop.actor, [known]);
    const verdicts = await bench.movements.post(shop.actor, [known, sale('2'), sale('100'), sale('1')]);
    expect(verdicts.map(({ status }) => status)).toEqual(['REPLAYED', 'APPLIED', 'REFUSED', 'APPLIED']);
    const idsOf = (list: readonly { id: string }[] | undefined) => (list ?? []).map(({ id }) => id);
    const told = (ids: readonly (string | undefined)[]) => ({ kind: 'movement', type: 'stock.movement.posted', ids });
    expect(await payloads()).toEqual([
      told([received?.id]),
      told(idsOf(first?.movements)),
      told([...idsOf(verdicts[1]?.movements), ...idsOf(verdicts[3]?.movements)]),
    ]);
  });

  test('what is only tried, refused as a whole, or was done before tells nobody', async () => {
    await bench.receive(shop, '5');
    await bench.listen(shop, URL);
    const known = sale('1');
    await bench.movements.post(shop.actor, [known], { dryRun: true });
    await bench.movements.post(shop.actor, [sale('1'), sale('100')], { atomic: true });
    await bench.movements.post(shop.actor, [sale('100')]);
    expect(await payloads()).toEqual([]);
    await bench.movements.post(shop.actor, [known]);
    await bench.movements.post(shop.actor, [known]);
    expect(await payloads()).toHaveLength(1);
  });

  test('many are told in several jobs', async () => {
    await bench.listen(shop, URL);
    const acts = Array.from({ length: 450 }, () => ({ ...sale('1'), kind: 'RECEIPT' as const }));
    await bench.movements.post(shop.actor, acts);
    expect((await payloads()).map((payload) => (payload as { ids: string[] }).ids.length)).toEqual([200, 200, 50]);
  });
});

test('alerts are told when they open and when they resolve, in the transaction that gives cause to', async () => {
  await bench.listen(shop, URL, ['alert']);
  await bench.receive(shop, '5');
  await bench.movements.post(shop.actor, [sale('5')]);
  await bench.receive(shop, '5');
  const [alert] = await bench.rows<{ id: string }>('select id from stock_alert where shop_id = ?', shop.shop.id);
  expect(await payloads()).toEqual([
    { kind: 'alert', type: 'stock.alert.opened', ids: [alert?.id] },
    { kind: 'alert', type: 'stock.alert.resolved', ids: [alert?.id] },
  ]);
});

test('items are told when they are created, changed and archived, each once', async () => {
  await bench.listen(shop, URL, ['item']);
  const item = await bench.items.create(shop.actor, { sku: 'NEW', name: 'New' });
  await bench.items.update(shop.actor, item, { name: 'Newer' });
  await bench.items.addBarcode(shop.actor, { itemId: item.id, value: 'CODE' });
  await bench.items.addBarcode(shop.actor, { itemId: item.id, value: 'CODE' });
  await bench.items.archive(shop.actor, item);
  await bench.items.archive(shop.actor, item);
  await expect(bench.items.create(shop.actor, { sku: 'NEW', name: 'Taken' })).rejects.toThrow();
  const types = (await payloads()).map((payload) => (payload as { type: string; ids: string[] }).type);
  expect(types).toEqual(['item.created', 'item.updated', 'item.updated', 'item.archived']);
});
