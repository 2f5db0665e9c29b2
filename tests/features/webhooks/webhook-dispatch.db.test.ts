import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import {
  answers,
  answersMegabytes,
  blackhole,
  MisbehavingServer,
  rateLimits,
  redirects,
  type Manner,
} from '../../support/misbehaving-server.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
import { verified, WebhookBench } from './webhook-bench.js';

const HOUR_MS = 3_600_000;
let bench: WebhookBench;
let shop: ShopFixture;
let far: MisbehavingServer;
let secret: string;
let endpointId: string;

beforeAll(async () => {
  bench = await WebhookBench.open();
});
beforeEach(async () => {
  [shop, far] = await Promise.all([bench.openShop(), MisbehavingServer.open()]);
  bench.now = new Date();
  const made = await bench.listen(shop, `${far.url}/hooks`);
  [secret, endpointId] = [made.secret, made.endpoint.id];
});
afterEach(() => far.close());
afterAll(() => bench.close());

test('what is delivered verifies, says which event it is, and is not sent again', async () => {
  const id = await bench.pending(shop);
  expect(await bench.send(shop, id)).toBeUndefined();
  expect(await bench.send(shop, id)).toBeUndefined();
  expect(far.requestCount).toBe(1);
  const [request] = far.requests;
  if (!request) throw new Error('Nothing came.');
  expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': toGlobalId('WebhookDelivery', id) });
  expect(verified(secret, request)).toMatchObject({ type: 'stock.movement.posted', sequence: 1, data: { quantity: '5' } });
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED', attempts: 1, last_status: 200, next_try_at: null });
});

test.each([
  [200, 'DELIVERED'],
  [202, 'DELIVERED'],
  [204, 'DELIVERED'],
  [299, 'DELIVERED'],
  [302, 'PENDING'],
  [400, 'PENDING'],
  [404, 'PENDING'],
  [500, 'PENDING'],
])('an answer of %i: %s', async (status, state) => {
  far.behave(answers(status, ''));
  await bench.send(shop, await bench.pending(shop));
  expect(await bench.deliveryOf(shop)).toMatchObject({ state, last_status: status, attempts: 1 });
});

describe('secrets that are rotated', () => {
  async function sendOne() {
    await bench.receive(shop);
    await bench.fanOutAll(shop);
    for (const { id, state } of await bench.deliveriesOf(shop)) if (state === 'PENDING') await bench.send(shop, id);
    const request = far.requests.at(-1);
    if (!request) throw new Error('Nothing came.');
    return request;
  }

  test('both verify for a day, then only the new one; a second rotation forgets the first secret', async () => {
    const { secret: second } = await bench.endpoints.rotateSecret(shop.actor, { id: endpointId });
    const within = await sendOne();
    for (const each of [secret, second]) expect(verified(each, within)).toMatchObject({ sequence: 1 });
    bench.pass(24 * HOUR_MS);
    const after = await sendOne();
    // The clock of the bench is a day ahead of the receiver's, which would refuse that.
    const { 'webhook-id': id, 'webhook-signature': signature } = after.headers;
    expect(signature).toBe(new Webhook(second).sign(String(id), bench.now, after.body.toString()));
    bench.now = new Date();
    const { secret: third } = await bench.endpoints.rotateSecret(shop.actor, { id: endpointId });
    const last = await sendOne();
    for (const each of [second, third]) expect(verified(each, last)).toMatchObject({ sequence: 3 });
    expect(() => verified(secret, last)).toThrow('No matching signature');
  });
});

describe('a receiver that fails', () => {
  test('is tried again for 72 hours, further and further apart, with one id and one body; then it is given up', async () => {
    far.behave(answers(503, 'a page that nobody keeps'));
    const began = bench.now.getTime();
    const id = await bench.pending(shop);
    const delays = await bench.untilEnd(shop, id);
    expect(bench.now.getTime() - began).toBe(72 * HOUR_MS);
    const [full, tolerance] = [[10, 30, 90, 270, 810, 2_430, 7_290, 21_870], 0.2];
    for (const [index, delay] of full.entries()) {
      expect(delays[index]).toBeLessThanOrEqual(delay);
      expect(delays[index]).toBeGreaterThanOrEqual(Math.floor(delay * (1 - tolerance)));
    }
    expect(far.requestCount).toBe(delays.length + 1);
    expect(new Set(far.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(far.requests.map(({ body }) => body.toString())).size).toBe(1);
    expect(await bench.deliveryOf(shop)).toMatchObject({
      state: 'DEAD',
      attempts: delays.length + 1,
      last_status: 503,
      reason: 'The receiver answered 503.',
    });
    const [row] = await bench.rows('select enabled from webhook_endpoint where id = ?', endpointId);
    expect(row).toEqual({ enabled: true });
  });

  test('and says when it wants to be asked again is not asked before', async () => {
    far.behave(rateLimits(7_200));
    const delayMs = (await bench.send(shop, await bench.pending(shop))) ?? 0;
    expect(delayMs).toBe(7_200_000);
    const { next_try_at: nextTryAt, reason } = await bench.deliveryOf(shop);
    expect([new Date(nextTryAt ?? 0), reason]).toEqual([new Date(bench.now.getTime() + delayMs), 'The receiver answered 429.']);
  });

  const cases: readonly (readonly [string, Manner, string])[] = [
    ['that says nothing', blackhole, 'The receiver took too long.'],
    [
      'that sends elsewhere',
      redirects('http://127.0.0.1/'),
      'The receiver answered 302: redirects are not followed, enter the right URL.',
    ],
  ];
  test.each(cases)('%s: why is said', async (_, manner, reason) => {
    far.behave(manner);
    expect(await bench.send(shop, await bench.pending(shop))).toBeGreaterThan(0);
    expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'PENDING', reason });
  });

  test('and comes back is told the same, once more', async () => {
    far.behave(answers(500, ''), blackhole, answers(200, ''));
    const id = await bench.pending(shop);
    await bench.untilEnd(shop, id);
    expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED', attempts: 3, last_status: 200, reason: null });
    const ids = far.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(ids.map(() => toGlobalId('WebhookDelivery', id)));
  });
});

test('an answer of 50 MB with 200 is a delivery, and nothing of it is kept', async () => {
  far.behave(answersMegabytes(50));
  await bench.send(shop, await bench.pending(shop));
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED', last_status: 200, reason: null });
});

test('who says that he is gone for good is switched off, and nobody listens any more', async () => {
  far.behave(answers(410, ''));
  expect(await bench.send(shop, await bench.pending(shop))).toBeUndefined();
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DEAD', last_status: 410, attempts: 1 });
  const [row] = await bench.rows('select enabled, gone_at is not null as gone from webhook_endpoint where id = ?', endpointId);
  expect(row).toEqual({ enabled: false, gone: true });
  expect((await bench.refreshed(shop)).shop.webhookKinds).toEqual([]);
});

test('what waits for an endpoint that is switched off is given up, and can be sent again once it is on', async () => {
  const id = await bench.pending(shop);
  await bench.endpoints.update(shop.actor, { id: endpointId }, { enabled: false });
  await bench.send(shop, id);
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DEAD', attempts: 0, reason: 'The endpoint is switched off.' });
  await expect(bench.deliveries.replay(shop.actor, { id })).rejects.toMatchObject({ code: 'INVALID', path: ['id'] });
  await expect(bench.deliveries.replayAll(shop.actor, { id: endpointId })).rejects.toMatchObject({ code: 'INVALID' });
  await bench.endpoints.update(shop.actor, { id: endpointId }, { enabled: true });
  await bench.deliveries.replay(shop.actor, { id });
  await bench.send(shop, id);
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED', attempts: 1 });
});

test('who dies between the sending and the mark sends it once more under the same id', async () => {
  const id = await bench.pending(shop);
  const dying = bench.dispatchBy({
    urlFault: () => undefined,
    send: async (request, signal) => {
      await bench.sender.send(request, signal);
      throw new Error('killed');
    },
  });
  await expect(bench.send(shop, id, dying)).rejects.toThrow('killed');
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'PENDING', attempts: 0 });
  await bench.send(shop, id);
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED', attempts: 1 });
  const sent = far.requests.map(({ headers, body }) => [headers['webhook-id'], body.toString()]);
  expect(sent).toHaveLength(2);
  expect(sent[0]).toEqual(sent[1]);
});

test('a delivery that two workers have at once keeps its id, and the first word that counts', async () => {
  far.behave(answers(200, ''), answers(500, ''));
  const id = await bench.pending(shop);
  await Promise.all([bench.send(shop, id), bench.send(shop, id)]);
  expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DELIVERED' });
  expect(far.requestCount).toBeGreaterThan(0);
  expect(new Set(far.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

describe('a receiver that is left alone for a while', () => {
  const held = (delayMs: number) =>
    bench.dispatchBy({
      urlFault: () => undefined,
      send: () => Promise.resolve({ kind: 'HELD', reason: 'It is left alone.', delayMs }),
    });

  test('has that counted as no try', async () => {
    const id = await bench.pending(shop);
    expect(await bench.send(shop, id, held(30_000))).toBe(30_000);
    expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'PENDING', attempts: 0, reason: null });
  });

  test('is given up in the end all the same', async () => {
    const id = await bench.pending(shop);
    bench.pass(72 * HOUR_MS);
    expect(await bench.send(shop, id, held(30_000))).toBeUndefined();
    expect(await bench.deliveryOf(shop)).toMatchObject({ state: 'DEAD', attempts: 0, reason: 'It is left alone.' });
  });
});
