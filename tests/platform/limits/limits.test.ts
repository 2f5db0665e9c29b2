import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../../src/platform/log.js';
import { Limits } from '../../../src/platform/limits/limits.js';
import { networkOf } from '../../../src/platform/limits/network.js';
import { requireOrSkip } from '../../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../../support/redis-server.js';

const LONG_MS = 3_600_000;
const log = createLogger({ level: 'silent' });
const opened: Limits[] = [];
afterAll(() => {
  for (const limits of opened) limits.close();
});

function open(redisUrl?: string): Limits {
  const limits = new Limits({ redisUrl, log });
  opened.push(limits);
  return limits;
}

async function openShared(url: string): Promise<Limits> {
  const limits = open(url);
  await limits.start();
  return limits;
}

let name = '';
beforeEach(() => {
  name = `t${String(Math.random()).slice(2)}`;
});

describe('alone', () => {
  test('a limiter lets so many through for each key, and says when there is room again', async () => {
    const limiter = open().limiter({ name, points: 3, perMs: LONG_MS });
    expect(await Promise.all([1, 2, 3].map(() => limiter.take('a')))).toEqual([2, 1, 0].map((left) => ({ ok: true, left })));
    expect(await limiter.take('a')).toMatchObject({ ok: false });
    const refused = await limiter.take('a');
    expect(refused.ok ? 0 : refused.retryAfterMs).toBeGreaterThan(LONG_MS / 2);
    expect(await limiter.take('b', 3)).toEqual({ ok: true, left: 0 });
  });

  test('with a burst so many more come through at once', async () => {
    const limiter = open().limiter({ name, points: 1, perMs: LONG_MS, burst: 2 });
    const taken = await Promise.all([1, 2, 3, 4].map(() => limiter.take('a')));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(3);
  });

  test('a bucket holds so much, gives back what was not needed, and fills again', async () => {
    const buckets = open().buckets({ name, maximum: 1_000, restoreRate: 10_000 });
    expect(await buckets.take('a', 1_000)).toBe(true);
    expect(await buckets.take('a', 1_000)).toBe(false);
    expect(buckets.retryAfterMs('a', 1_000)).toBeGreaterThan(1);
    buckets.giveBack('a', 900);
    expect(buckets.status('a').currentlyAvailable).toBeGreaterThanOrEqual(900);
    await sleep(150);
    expect(buckets.status('a')).toEqual({ maximumAvailable: 1_000, currentlyAvailable: 1_000, restoreRate: 10_000 });
    expect(await buckets.take('a', 1_001)).toBe(false);
    expect(await buckets.take('b', 1_000)).toBe(true);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['2001:db8:1:2:ffff::9', '2001:db8:1:2::'],
  ['no address', 'unknown'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

requireOrSkip(
  'limits that instances share',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('two instances count as one', async () => {
    const [one, other] = [await openShared(redis.url), await openShared(redis.url)].map((limits) =>
      limits.limiter({ name, points: 10, perMs: LONG_MS }),
    );
    const taken = await Promise.all(Array.from({ length: 30 }, (_, n) => Promise.resolve((n % 2 ? one : other)?.take('a'))));
    expect(taken.filter((each) => each?.ok)).toHaveLength(10);
  });

  test('of a bucket that two share no more is spent than it holds, and hardly anybody asks Redis', async () => {
    const rule = { name, maximum: 100_000, restoreRate: 0.001 };
    const asked = async (): Promise<number> =>
      Number(/cmdstat_eval:calls=(\d+)/.exec(await redis.ask('INFO', 'commandstats'))?.[1] ?? 0);
    // A tenth of a second's at a time would be nothing of so slow a bucket, so the costs themselves are what is taken out.
    const slow = [await openShared(redis.url), await openShared(redis.url)].map((limits) => limits.buckets(rule));
    const spent = await Promise.all(Array.from({ length: 40 }, (_, n) => Promise.resolve(slow[n % 2]?.take('a', 5_000))));
    expect(spent.filter(Boolean)).toHaveLength(20);
    const quick = (await openShared(redis.url)).buckets({ name: `${name}q`, maximum: 1_000_000, restoreRate: 1_000_000 });
    const before = await asked();
    for (let n = 0; n < 200; n += 1) expect(await quick.take('a', 10)).toBe(true);
    expect((await asked()) - before).toBeLessThanOrEqual(5);
  });

  test('what one has taken out and given back is his again', async () => {
    const buckets = (await openShared(redis.url)).buckets({ name, maximum: 1_000, restoreRate: 0.001 });
    expect(await buckets.take('a', 1_000)).toBe(true);
    expect(await buckets.take('a', 1)).toBe(false);
    buckets.giveBack('a', 600);
    expect(await buckets.take('a', 600)).toBe(true);
    expect(await buckets.take('a', 1)).toBe(false);
  });

  test('while Redis is away each counts for itself, and nobody waits or is let through for ever', async () => {
    const own = await startRedis();
    const limits = await openShared(own.url);
    const limiter = limits.limiter({ name, points: 5, perMs: LONG_MS });
    const buckets = limits.buckets({ name, maximum: 100, restoreRate: 0.001 });
    expect([await limiter.take('a', 5), await buckets.take('a', 100)]).toEqual([{ ok: true, left: 0 }, true]);
    await own.stop();
    const taken = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => limiter.take('a')));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(5);
    expect([await buckets.take('a', 100), await buckets.take('a', 1)]).toEqual([true, false]);
  });
});
