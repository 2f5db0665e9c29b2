import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DomainError } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/ids.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
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

async function kindsOfShop(): Promise<readonly string[]> {
  return (await bench.refreshed(shop)).shop.webhookKinds;
}

async function refusalOf(act: Promise<unknown>): Promise<unknown> {
  const error = await act.catch((reason: unknown) => reason);
  return error instanceof DomainError ? [error.code, ...error.path] : error;
}

test('an endpoint has a secret of its own, its URL as it is parsed, and its kinds once each', async () => {
  const { endpoint, secret } = await bench.endpoints.create(shop.actor, {
    url: ' HTTPS://Hooks.Example.com:443/a b ',
    kinds: ['movement', 'alert', 'movement'],
    description: ' the till ',
  });
  expect(secret).toMatch(/^whsec_/);
  expect(endpoint).toMatchObject({
    url: 'https://hooks.example.com/a%20b',
    kinds: ['alert', 'movement'],
    description: 'the till',
  });
  expect(endpoint).toMatchObject({ enabled: true, goneAt: null, previousSecretEndsAt: null });
});

test.each([
  ['an address within', { url: 'https://169.254.169.254/', kinds: ['item'] }, 'url'],
  ['no URL', { url: '', kinds: ['item'] }, 'url'],
  ['no kinds', { url: URL, kinds: [] }, 'kinds'],
  ['a long description', { url: URL, kinds: ['item'], description: 'x'.repeat(501) }, 'description'],
] as const)('%s is INVALID', async (_, draft, field) => {
  expect(await refusalOf((async () => bench.endpoints.create(shop.actor, draft))())).toEqual(['INVALID', field]);
});

test('a shop has 20 at most', async () => {
  for (let n = 0; n < 20; n += 1) await bench.endpoints.create(shop.actor, { url: URL, kinds: ['item'] });
  expect(await refusalOf(bench.endpoints.create(shop.actor, { url: URL, kinds: ['item'] }))).toEqual(['INVALID']);
});

describe("what any endpoint in use listens to stands on the shop's own row", () => {
  test('through all that changes it', async () => {
    expect(await kindsOfShop()).toEqual([]);
    const first = await bench.endpoints.create(shop.actor, { url: URL, kinds: ['movement'] });
    expect(await kindsOfShop()).toEqual(['movement']);
    const second = await bench.endpoints.create(shop.actor, { url: URL, kinds: ['item', 'movement'] });
    expect(await kindsOfShop()).toEqual(['item', 'movement']);
    await bench.endpoints.create(shop.actor, { url: URL, kinds: ['alert'], enabled: false });
    expect(await kindsOfShop()).toEqual(['item', 'movement']);
    await bench.endpoints.update(shop.actor, second.endpoint, { kinds: ['alert'] });
    expect(await kindsOfShop()).toEqual(['alert', 'movement']);
    await bench.endpoints.update(shop.actor, first.endpoint, { enabled: false });
    expect(await kindsOfShop()).toEqual(['alert']);
    await bench.endpoints.markGone(shop.shop.id, second.endpoint.id);
    expect(await kindsOfShop()).toEqual([]);
    await bench.endpoints.update(shop.actor, second.endpoint, { enabled: true });
    expect(await kindsOfShop()).toEqual(['alert']);
    await bench.endpoints.delete(shop.actor, second.endpoint);
    expect(await kindsOfShop()).toEqual([]);
  });

  test('also where two are added at once', async () => {
    const kinds = [['movement'], ['item'], ['alert']] as const;
    await Promise.all(kinds.map((each) => bench.endpoints.create(shop.actor, { url: URL, kinds: each })));
    expect(await kindsOfShop()).toEqual(['alert', 'item', 'movement']);
  });
});

test('what is absent stays, and only the description can be cleared', async () => {
  const { endpoint } = await bench.endpoints.create(shop.actor, { url: URL, kinds: ['item'], description: 'x' });
  expect(await bench.endpoints.update(shop.actor, endpoint, {})).toMatchObject({ url: URL, kinds: ['item'], description: 'x' });
  expect(await bench.endpoints.update(shop.actor, endpoint, { description: null })).toMatchObject({ description: null });
  for (const field of ['url', 'kinds', 'enabled']) {
    const clearing = (async () => bench.endpoints.update(shop.actor, endpoint, { [field]: null }))();
    expect(await refusalOf(clearing)).toEqual(['INVALID', field]);
  }
});

test('one that is gone can be switched on again', async () => {
  const { endpoint } = await bench.endpoints.create(shop.actor, { url: URL, kinds: ['item'] });
  await bench.endpoints.markGone(shop.shop.id, endpoint.id);
  const gone = await bench.endpoints.update(shop.actor, endpoint, { description: 'gone' });
  expect([gone.enabled, gone.goneAt]).toEqual([false, bench.now]);
  const back = await bench.endpoints.update(shop.actor, endpoint, { enabled: true });
  expect([back.enabled, back.goneAt]).toEqual([true, null]);
});

test("another shop's endpoint is none", async () => {
  const { endpoint } = await bench.endpoints.create((await bench.openShop()).actor, { url: URL, kinds: ['item'] });
  for (const ref of [endpoint, { id: newId() }, { id: undefined }]) {
    expect(await refusalOf(bench.endpoints.update(shop.actor, ref, { enabled: false }))).toEqual(['NOT_FOUND', 'id']);
    expect(await refusalOf(bench.endpoints.rotateSecret(shop.actor, ref))).toEqual(['NOT_FOUND', 'id']);
    expect(await refusalOf(bench.endpoints.delete(shop.actor, ref))).toEqual(['NOT_FOUND', 'id']);
    expect(await refusalOf(bench.deliveries.test(shop.actor, ref))).toEqual(['NOT_FOUND', 'id']);
    expect(await refusalOf(bench.deliveries.replayAll(shop.actor, ref))).toEqual(['NOT_FOUND', 'endpoint']);
  }
});
