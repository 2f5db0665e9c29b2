import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answers, MisbehavingServer } from '../../support/misbehaving-server.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
import { NEVER, WebhookBench } from './webhook-bench.js';

const HOUR_MS = 3_600_000;
let bench: WebhookBench;
let shop: ShopFixture;
let far: MisbehavingServer;
let endpointId: string;

beforeAll(async () => {
  bench = await WebhookBench.open();
});
beforeEach(async () => {
  [shop, far] = await Promise.all([bench.openShop(), MisbehavingServer.open()]);
  bench.now = new Date();
  const made = await bench.listen(shop, `${far.url}/hooks`);
  endpointId = made.endpoint.id;
});
afterEach(() => far.close());
afterAll(() => bench.close());

describe('what was given up', () => {
  async function giveUp(count: number): Promise<void> {
    far.behave(answers(500, ''));
    for (let n = 0; n < count; n += 1) await bench.receive(shop);
    await bench.fanOutAll(shop);
    bench.pass(72 * HOUR_MS);
    for (const { id } of await bench.deliveriesOf(shop)) await bench.send(shop, id);
    expect((await bench.deliveriesOf(shop)).map(({ state }) => state)).toEqual(Array.from({ length: count }, () => 'DEAD'));
  }

  test('is sent again one by one, and tried for as long as before', async () => {
    await giveUp(1);
    const { id } = await bench.deliveryOf(shop);
    await bench.deliveries.replay(shop.actor, { id });
    const delays = await bench.untilEnd(shop, id);
    expect(delays.length).toBeGreaterThan(10);
    far.behave(answers(200, ''));
    await bench.deliveries.replay(shop.actor, { id });
    expect(await bench.untilEnd(shop, id)).toEqual([]);
    expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED' });
    expect(new Set(far.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('is sent again all together, but for what is given up meanwhile', async () => {
    await giveUp(3);
    bench.pass(1_000);
    expect(await bench.deliveries.replayAll(shop.actor, { id: endpointId })).toBe(3);
    const [job] = await bench.jobs('webhooks.replay', shop);
    if (!job) throw new Error('There is no job.');
    await bench.upkeep.replay(job, NEVER);
    const waiting = await bench.deliveriesOf(shop);
    expect(waiting.map(({ state, attempts }) => [state, attempts])).toEqual(waiting.map(() => ['PENDING', 1]));
    const jobs = (await bench.jobs('webhooks.send', shop)).map(({ payload }) => payload.delivery);
    expect(jobs.toSorted()).toEqual(waiting.map(({ id }) => id).toSorted());
    await bench.rows(
      "update webhook_delivery set state = 'DEAD', next_try_at = null, ended_at = ? where shop_id = ?",
      ...[new Date(bench.now.getTime() + 1), shop.shop.id],
    );
    await bench.upkeep.replay(job, NEVER);
    expect((await bench.deliveriesOf(shop)).map(({ state }) => state)).toEqual(['DEAD', 'DEAD', 'DEAD']);
  });

  test("of another shop is nobody's", async () => {
    await giveUp(1);
    const [{ id }, other] = [await bench.deliveryOf(shop), await bench.openShop()];
    await expect(bench.deliveries.replay(other.actor, { id })).rejects.toMatchObject({ code: 'NOT_FOUND', path: ['id'] });
    await expect(bench.deliveries.replayAll(other.actor, { id: endpointId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DEAD' });
  });
});

test('what was deleted is sent to nobody', async () => {
  const id = await bench.pending(shop);
  await bench.endpoints.delete(shop.actor, { id: endpointId });
  expect(await bench.send(shop, id)).toBeUndefined();
  expect([far.requestCount, await bench.deliveriesOf(shop)]).toEqual([0, []]);
});

test('what ended long ago is swept, what waits is not', async () => {
  for (let n = 0; n < 3; n += 1) await bench.receive(shop);
  await bench.fanOutAll(shop);
  const ids = (await bench.deliveriesOf(shop)).map(({ id }) => id);
  await bench.send(shop, ids[0] ?? '');
  await bench.rows(
    "update webhook_delivery set state = 'DEAD', next_try_at = null, ended_at = ? where id = ?",
    ...[bench.now, ids[1]],
  );
  const left = async () => {
    await bench.upkeep.sweep(NEVER);
    return (await bench.deliveriesOf(shop)).map(({ state }) => state);
  };
  bench.pass(29 * 24 * HOUR_MS);
  expect(await left()).toEqual(['DELIVERED', 'DEAD', 'PENDING']);
  bench.pass(2 * 24 * HOUR_MS);
  expect(await left()).toEqual(['DEAD', 'PENDING']);
  bench.pass(60 * 24 * HOUR_MS);
  expect(await left()).toEqual(['PENDING']);
});
