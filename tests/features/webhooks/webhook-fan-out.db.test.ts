import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
import { WebhookBench, type DeliveryRow } from './webhook-bench.js';

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

const bodyOf = ({ body }: DeliveryRow) => JSON.parse(body) as { type: string; timestamp: string; sequence: number; data: object };

test('a movement is told as it was', async () => {
  await bench.listen(shop, URL);
  const [movement] = await bench.receive(shop, '2.5');
  await bench.fanOutAll(shop);
  const delivery = await bench.deliveryOf(shop);
  const [item, location] = [shop.items[0], shop.locations[0]];
  expect(bodyOf(delivery)).toEqual({
    type: 'stock.movement.posted',
    timestamp: bench.now.toISOString(),
    sequence: 1,
    data: {
      id: toGlobalId('StockMovement', movement?.id ?? ''),
      kind: 'RECEIPT',
      quantity: '2.5',
      balanceAfter: '2.5',
      counted: null,
      reason: null,
      reference: null,
      actor: 'OWNER key',
      reverses: null,
      level: { id: toGlobalId('StockLevel', movement?.level.id ?? ''), version: 1 },
      stockItem: { id: toGlobalId('StockItem', item?.id ?? ''), sku: 'SKU-1', name: 'Item 1', unit: 'each' },
      location: { id: toGlobalId('Location', location?.id ?? ''), code: 'L1', name: 'Location 1' },
      occurredAt: bench.now.toISOString(),
      recordedAt: bench.now.toISOString(),
    },
  });
  expect(delivery).toMatchObject({ state: 'PENDING', attempts: 0, event_type: 'stock.movement.posted', event_id: movement?.id });
  expect((await bench.jobs('webhooks.send', shop)).map(({ payload }) => payload)).toEqual([{ delivery: delivery.id }]);
});

test('an item is told with its category and barcodes, an alert with its level', async () => {
  await bench.listen(shop, URL, ['item', 'alert']);
  await bench.items.create(shop.actor, { sku: 'B', name: 'Bread', salePrice: quantity('10.5'), barcodes: [{ value: 'B-CODE' }] });
  const [movement] = await bench.receive(shop, '1');
  const post = { type: 'MOVE', kind: 'SALE', item: { id: shop.items[0]?.id }, location: { id: shop.locations[0]?.id } } as const;
  await bench.movements.postOne(shop.actor, { ...post, key: { scope: 'STOCK', key: newId() }, quantity: quantity(1) });
  await bench.fanOutAll(shop);
  const [item, alert] = (await bench.deliveriesOf(shop)).map(bodyOf);
  expect(item).toMatchObject({
    type: 'item.created',
    data: {
      sku: 'B',
      salePrice: '10.5',
      currency: 'ZAR',
      category: null,
      barcodes: [{ value: 'B-CODE', quantity: '1', isDefault: true }],
    },
  });
  expect(alert).toMatchObject({
    type: 'stock.alert.opened',
    timestamp: bench.now.toISOString(),
    data: {
      kind: 'OUT_OF_STOCK',
      level: { id: toGlobalId('StockLevel', movement?.level.id ?? ''), onHand: '0' },
      stockItem: { sku: 'SKU-1' },
      resolvedAt: null,
    },
  });
});

describe('each endpoint gets one delivery of an event', () => {
  test('if it is in use and listens to it, however often the job is done', async () => {
    const listening = [await bench.listen(shop, URL), await bench.listen(shop, URL, ['alert', 'movement'])];
    await bench.listen(shop, URL, ['item']);
    const off = await bench.listen(shop, URL);
    await bench.receive(shop);
    await bench.endpoints.update(shop.actor, off.endpoint, { enabled: false });
    const [job] = await bench.jobs('webhooks.fan-out', shop);
    if (!job) throw new Error('There is no job.');
    await bench.fanOut.run(job);
    await bench.fanOut.run(job);
    const ids = (await bench.deliveriesOf(shop)).map(({ endpoint_id: id }) => id);
    expect(ids).toEqual(listening.map(({ endpoint }) => endpoint.id).sort());
  });

  test('also where it is done several times at once, and the numbers have no gaps', async () => {
    const endpoints = [await bench.listen(shop, URL, ['movement', 'item']), await bench.listen(shop, URL, ['movement', 'item'])];
    for (let n = 0; n < 6; n += 1) await bench.receive(shop);
    await bench.items.update(shop.actor, { id: shop.items[0]?.id }, { name: 'Once' });
    await bench.items.update(shop.actor, { id: shop.items[0]?.id }, { name: 'Twice' });
    const jobs = await bench.jobs('webhooks.fan-out', shop);
    await Promise.all([...jobs, ...jobs, ...jobs].map((job) => bench.fanOut.run(job)));
    const deliveries = await bench.deliveriesOf(shop);
    for (const { endpoint } of endpoints) {
      const own = deliveries.filter(({ endpoint_id: id }) => id === endpoint.id);
      expect(own.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(own.map((delivery) => bodyOf(delivery).sequence)).toEqual(own.map(({ sequence }) => sequence));
      expect(new Set(own.map(({ event_id: id }) => id)).size).toBe(8);
    }
    const [last] = await bench.rows('select last_sequence::int as last from webhook_endpoint where shop_id = ?', shop.shop.id);
    expect(last).toEqual({ last: 8 });
  });

  test('pings take their numbers in the same row', async () => {
    const { endpoint } = await bench.listen(shop, URL);
    await bench.receive(shop);
    await Promise.all([
      bench.fanOutAll(shop),
      bench.deliveries.test(shop.actor, endpoint),
      bench.deliveries.test(shop.actor, endpoint),
    ]);
    expect((await bench.deliveriesOf(shop)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});

describe('the database itself refuses', () => {
  const COPY = (changes: string) =>
    `insert into webhook_delivery (shop_id, id, endpoint_id, event_type, event_id, sequence, body, state, attempts, failures, tries_from, next_try_at, created_at)
     select shop_id, gen_random_uuid(), endpoint_id, ${changes}, body, state, attempts, failures, tries_from, next_try_at, created_at
     from webhook_delivery where shop_id = ?`;
  test.each([
    ['a second delivery of an event', COPY('event_type, event_id, sequence + 1'), /webhook_delivery_event_unique/],
    ['a number twice', COPY('event_type, gen_random_uuid(), sequence'), /webhook_delivery_sequence_unique/],
    ['a delivery that waits for nothing', 'update webhook_delivery set next_try_at = null where shop_id = ?', /pending_check/],
    ['an endpoint that listens to nothing', "update webhook_endpoint set kinds = '{}' where shop_id = ?", /kinds_check/],
    ['an endpoint that is gone and in use', 'update webhook_endpoint set gone_at = now() where shop_id = ?', /gone_check/],
  ])('%s', async (_, sql, message) => {
    await bench.listen(shop, URL);
    await bench.receive(shop);
    await bench.fanOutAll(shop);
    await expect(bench.rows(sql, shop.shop.id)).rejects.toThrow(message);
  });

  test("a delivery to another shop's endpoint", async () => {
    await bench.listen(shop, URL);
    await bench.receive(shop);
    await bench.fanOutAll(shop);
    const other = await bench.openShop();
    await expect(
      bench.rows('update webhook_delivery set shop_id = ? where shop_id = ?', other.shop.id, shop.shop.id),
    ).rejects.toThrow(/webhook_delivery_shop_id_endpoint_id_foreign/);
  });
});
