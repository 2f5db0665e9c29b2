import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Cache } from '../../../src/platform/cache/cache.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { requireOrSkip } from '../../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../../support/redis-server.js';
import {
  closeCachesAfterEach,
  expectNoUnhandledRejection,
  gate,
  leave,
  PATIENCE,
  rowsOf,
  startCache,
  TEXTS,
  Truth,
  ttls,
  untilInUse,
  untilResting,
} from './cache-fixture.js';
import { addMember } from './cache-members.js';

const SHORT_LEASE_S = 1;
const SHORT_TTL_MS = 1000;
/** More than a Redis of SMALL_MEMORY holds. */
const MANY = 300;
const LARGE_TEXT = 'x'.repeat(20_000);
const SMALL_MEMORY = '3mb';

requireOrSkip(
  'caches that share a Redis',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  let database: TestDatabase;
  let redis: RedisServer;
  let first: Cache;
  let second: Cache;
  let truth: Truth;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    database = await createTestDatabase();
    truth = new Truth();
    truth.rows.set('a/1', 'old');
    first = await join();
    second = await join();
    await Promise.all([first, second].map(untilInUse));
  });
  afterEach(() => database.drop());
  closeCachesAfterEach();
  expectNoUnhandledRejection();

  function join(redisUrl = redis.url): Promise<Cache> {
    return startCache({ databaseUrl: database.url, redisUrl });
  }

  test('what one announces is outdated for the other', async () => {
    for (const cache of [first, second]) await truth.untilCached(cache, 'a/1');
    for (const [value, writer, reader] of [
      ['new', first, second],
      ['newer', second, first],
    ] as const) {
      truth.rows.set('a/1', value);
      await writer.announce(['a']);
      expect(await truth.read(reader, 'a/1')).toBe(value);
      expect(await truth.read(writer, 'a/1')).toBe(value);
      for (const cache of [first, second]) expect(await truth.untilCached(cache, 'a/1')).toBe(value);
    }
  });

  test('what one has loaded is there for the other, and for who comes later', async () => {
    await truth.untilCached(first, 'a/1');
    truth.rows.delete('a/1');
    expect(await truth.untilCached(second, 'a/1')).toBe('old');
    const third = await join();
    await untilInUse(third);
    expect(await truth.untilCached(third, 'a/1')).toBe('old');
  });

  test('a dear value that both miss at once is loaded by one of them', async () => {
    const dear = { ...TEXTS, loadsOnce: true };
    let round = 0;
    const loadsOfARound = async (): Promise<number> => {
      round += 1;
      const id = `${String(round)}/1`;
      truth.rows.set(id, 'dear');
      truth.loads = 0;
      const began = gate();
      const held = gate();
      const early = first.session().getMany(dear, [id], async (ids) => {
        began.open();
        await held.passed;
        return truth.load(ids);
      });
      await began.passed;
      const late = second.session().getMany(dear, [id], truth.load);
      // It has found nothing by now, or is about to: it would load at once.
      await second.session().getMany(TEXTS, ['none/1'], () => Promise.resolve([undefined]));
      held.open();
      expect([...(await early), ...(await late)]).toEqual(['dear', 'dear']);
      return truth.loads;
    };
    // Who waits does so for a moment only, and here the machine may be busy.
    await expect.poll(loadsOfARound, PATIENCE).toBe(1);
  });

  test('one who comes or leaves costs the others nothing', async () => {
    const epoch = () => rowsOf(database.url, 'select epoch, token from cache_view');
    const before = await epoch();
    const third = await join();
    await untilInUse(third);
    await leave(third);
    expect(await epoch()).toEqual(before);
  });

  test('a load that ends after a newer one does not push out what that has left', async () => {
    const began = gate();
    const held = gate();
    const late = first.session().getMany(TEXTS, ['a/1'], async (ids) => {
      const seen = await truth.load(ids);
      began.open();
      await held.passed;
      return seen;
    });
    await began.passed;
    truth.rows.set('a/1', 'new');
    await second.announce(['a']);
    await truth.untilCached(second, 'a/1');
    // One that takes it from Redis shows that it is there.
    const third = await join();
    await untilInUse(third);
    expect(await truth.untilCached(third, 'a/1')).toBe('new');
    held.open();
    expect(await late).toEqual(['old']);
    truth.rows.delete('a/1');
    for (const cache of [first, await join()]) {
      await untilInUse(cache);
      expect(await truth.untilCached(cache, 'a/1')).toBe('new');
    }
  });

  test('a value ends with its time to live in Redis too', async () => {
    await redis.ask('FLUSHALL');
    const brief = await startCache({ databaseUrl: database.url, redisUrl: redis.url, ttlMs: ttls({ items: SHORT_TTL_MS }) });
    await untilInUse(brief);
    await truth.untilCached(brief, 'a/1');
    truth.rows.set('a/1', 'new');
    await expect.poll(() => redis.ask('KEYS', '*a/1'), PATIENCE).toBe('');
    expect(await truth.read(second, 'a/1')).toBe('new');
  });

  test('a region in another version has values of its own', async () => {
    const next = { ...TEXTS, version: 2 };
    await truth.untilCached(first, 'a/1');
    truth.rows.set('a/1', 'of another shape');
    for (const cache of [first, second]) expect(await truth.read(cache, 'a/1', next)).toBe('of another shape');
    expect(await truth.untilCached(second, 'a/1')).toBe('old');
  });

  test('a Redis that is flushed costs loads, nothing else', async () => {
    for (const cache of [first, second]) await truth.untilCached(cache, 'a/1');
    truth.rows.set('a/1', 'new');
    await redis.ask('FLUSHALL');
    for (const cache of [first, second]) expect(await truth.read(cache, 'a/1')).toBe('new');
    for (const cache of [first, second]) expect(await truth.untilCached(cache, 'a/1')).toBe('new');
  });

  test('a Redis that has too little room pushes out, stamps too, and what is pushed out is not believed', async () => {
    const small = await startRedis({ settings: { maxmemory: SMALL_MEMORY, 'maxmemory-policy': 'allkeys-random' } });
    await Promise.all([first, second].map(leave));
    const [writer, reader] = [await join(small.url), await join(small.url)];
    await Promise.all([writer, reader].map(untilInUse));
    const ids = Array.from({ length: MANY }, (_, number) => `${String(number)}/1`);
    for (const [number, id] of ids.entries()) {
      truth.rows.set(id, `old ${LARGE_TEXT}`);
      await truth.read(reader, id);
      truth.rows.set(id, `new ${LARGE_TEXT}`);
      await writer.announce([String(number)]);
      for (const cache of [reader, writer]) expect((await truth.read(cache, id))?.slice(0, 3)).toBe('new');
    }
    for (const id of ids) expect((await truth.read(reader, id))?.slice(0, 3)).toBe('new');
    expect(Number(/evicted_keys:(\d+)/.exec(await small.ask('INFO', 'stats'))?.[1])).toBeGreaterThan(0);
    await Promise.all([writer, reader].map(leave));
    await small.stop();
  });

  test('a Redis that refuses to be written to is not used', async () => {
    await truth.untilCached(second, 'a/1');
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction');
    truth.rows.set('a/1', 'new');
    await first.announce(['a']);
    expect(await truth.read(second, 'a/1')).toBe('new');
    await Promise.all([first, second].map(untilResting));
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    for (const cache of [first, second]) expect(await truth.untilCached(cache, 'a/1')).toBe('new');
  });

  test('what a member committed and never announced is not hidden for longer than its lease', async () => {
    for (const cache of [first, second]) await truth.untilCached(cache, 'a/1');
    await addMember(database.url, { ofTheSameLink: true, leaseS: SHORT_LEASE_S });
    truth.rows.set('a/1', 'new');
    // Each asks by itself who is there still.
    for (const cache of [first, second]) await expect.poll(() => truth.read(cache, 'a/1'), PATIENCE).toBe('new');
  });

  test('two that reach two servers use neither', async () => {
    const other = await startRedis();
    await truth.untilCached(first, 'a/1');
    const stranger = await join(other.url);
    await Promise.all([first, second].map(untilResting));
    expect(stranger.session().isCaching('items')).toBe(false);
    truth.rows.set('a/1', 'new');
    await stranger.announce(['a']);
    for (const cache of [first, second, stranger]) expect(await truth.read(cache, 'a/1')).toBe('new');
    await leave(stranger);
    for (const cache of [first, second]) expect(await truth.untilCached(cache, 'a/1')).toBe('new');
    await other.stop();
  });
});
