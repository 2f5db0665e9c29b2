import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cache } from '../../../src/platform/cache/cache.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  closeCachesAfterEach,
  expectNoUnhandledRejection,
  leave,
  PATIENCE,
  rowsOf,
  startCache,
  Truth,
  untilInUse,
  untilResting,
  withClient,
} from './cache-fixture.js';
import { addMember, silentMemberLives } from './cache-members.js';

const SHORT_LEASE_S = 1;
/** Longer than any write waits. */
const LONG_LEASE_S = 60;
/** What a writer waits at the most, and a little for a busy machine. */
const GIVEN_UP_MS = 8000 + 4000;
/** Well below the time for which a lease stands. */
const AT_ONCE_MS = 1000;

let database: TestDatabase;
let truth: Truth;

beforeEach(async () => {
  database = await createTestDatabase();
  truth = new Truth();
  truth.rows.set('a/1', 'old');
});
afterEach(() => database.drop());
closeCachesAfterEach();
expectNoUnhandledRejection();

async function soleCache(): Promise<Cache> {
  const cache = await startCache({ databaseUrl: database.url });
  await untilInUse(cache);
  return cache;
}

describe('without a memory to share', () => {
  test('neither of two caches is used, and soon after one has left the other is again', async () => {
    const first = await soleCache();
    await truth.read(first, 'a/1');
    const second = await startCache({ databaseUrl: database.url });
    await untilResting(first);
    expect(second.session().isCaching('items')).toBe(false);
    truth.rows.set('a/1', 'new');
    await second.announce(['a']);
    expect(await truth.read(first, 'a/1')).toBe('new');
    expect([await truth.isLoadedFor(first, 'a/1'), await truth.isLoadedFor(second, 'a/1')]).toEqual([true, true]);
    await leave(second);
    expect(await truth.untilCached(first, 'a/1')).toBe('new');
  });

  test('what a second one writes is seen by the first as soon as it is acknowledged', async () => {
    const first = await soleCache();
    await truth.read(first, 'a/1');
    const second = await startCache({ databaseUrl: database.url });
    truth.rows.set('a/1', 'new');
    await second.announce(['a']);
    expect(await truth.read(first, 'a/1')).toBe('new');
  });

  test('an instance that uses no cache keeps that of the other off', async () => {
    const first = await soleCache();
    await truth.read(first, 'a/1');
    const plain = await startCache({ databaseUrl: database.url, enabled: false });
    truth.rows.set('a/1', 'new');
    await plain.announce(['a']);
    expect(await truth.read(first, 'a/1')).toBe('new');
    expect([first, plain].map((cache) => cache.session().isCaching('items'))).toEqual([false, false]);
    await leave(plain);
    expect(await truth.untilCached(first, 'a/1')).toBe('new');
  });

  test('a member that died without leaving keeps the cache off until its lease is over', async () => {
    const cache = await soleCache();
    await addMember(database.url, { leaseS: SHORT_LEASE_S });
    await untilResting(cache);
    expect(await silentMemberLives(database.url)).toBe(true);
    await untilInUse(cache);
    expect(await silentMemberLives(database.url)).toBe(false);
    expect(await truth.untilCached(cache, 'a/1')).toBe('old');
  });
});

describe('a write', () => {
  test('is acknowledged only when a member that says nothing has lost its lease', async () => {
    const cache = await soleCache();
    await addMember(database.url, { leaseS: SHORT_LEASE_S });
    await untilResting(cache);
    await cache.announce(['a']);
    expect(await silentMemberLives(database.url)).toBe(false);
  });

  test('is neither begun nor acknowledged where one stays that says nothing', { timeout: 2 * GIVEN_UP_MS }, async () => {
    const cache = await soleCache();
    await addMember(database.url, { leaseS: LONG_LEASE_S });
    await untilResting(cache);
    const beganAt = performance.now();
    await Promise.all([cache.announce(['a']), cache.ready()].map((done) => expect(done).rejects.toThrow('could not agree')));
    expect(performance.now() - beganAt).toBeLessThan(GIVEN_UP_MS);
    // It leaves as one that has died: what it could not say must not be hidden by what others have cached.
    await leave(cache);
    const own = 'select expires_at <= clock_timestamp() as "isOver" from cache_member where name <> $1';
    expect(await rowsOf(database.url, own, ['silent'])).toEqual([{ isOver: true }]);
  });

  test('may be begun while all is well, and by one alone', async () => {
    await expect((await soleCache()).ready()).resolves.toBeUndefined();
  });

  test('of nothing asks nobody', async () => {
    const cache = await startCache({ databaseUrl: database.url });
    await leave(cache);
    await expect(cache.announce([])).resolves.toBeUndefined();
    await expect(cache.announce(['a'])).rejects.toThrow('could not agree');
  });
});

describe('a cache', () => {
  test('is given up as soon as a new epoch is heard of, whoever can tell what it is', async () => {
    const cache = await soleCache();
    await withClient(database.url, async (client) => {
      await client.query('begin');
      // Nobody is told anything by a heartbeat now.
      await client.query('select 1 from cache_view for update');
      await rowsOf(database.url, `select pg_notify('cache_view', (select epoch + 1 from cache_view)::text)`);
      const isCaching = () => cache.session().isCaching('items');
      await expect.poll(isCaching, { timeout: AT_ONCE_MS, interval: PATIENCE.interval }).toBe(false);
      await client.query('rollback');
    });
    // There never was such an epoch: a database that was restored from a copy has gone back too.
    await untilInUse(cache);
  });

  test('is given up when its lease ends, and what was cached is not believed where others may have seen that', async () => {
    const cache = await soleCache();
    await truth.read(cache, 'a/1');
    await withClient(database.url, async (client) => {
      await client.query('begin');
      await client.query('select 1 from cache_view for update');
      truth.rows.set('a/1', 'new');
      await untilResting(cache);
      expect(await truth.read(cache, 'a/1')).toBe('new');
      const living = 'select 1 from cache_member where expires_at > clock_timestamp()';
      await expect.poll(() => rowsOf(database.url, living), PATIENCE).toEqual([]);
      await client.query('rollback');
    });
    expect(await truth.untilCached(cache, 'a/1')).toBe('new');
  });

  test('outlives the connection that its lease is renewed over', async () => {
    const cache = await soleCache();
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%cache_heartbeat%' and pid <> pg_backend_pid()`;
    expect(await rowsOf(database.url, end)).toHaveLength(1);
    await cache.announce(['a']);
    expect(await truth.untilCached(cache, 'a/1')).toBe('old');
  });
});
