import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cache } from '../../../src/platform/cache/cache.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { requireOrSkip } from '../../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../../support/redis-server.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import {
  closeCachesAfterEach,
  expectNoUnhandledRejection,
  PATIENCE,
  rowsOf,
  startCache,
  Truth,
  untilInUse,
  untilResting,
  withClient,
} from './cache-fixture.js';

/** A twentieth of a second as a rule; here the machine may be busy, and no member has to lose its lease. */
const BOUND_MS = 4000;
/** Shorter than a link is given to answer, were a read to wait for that. */
const READ_BOUND_MS = 900;
/** Its heartbeats are told apart by it. */
const CUT_OFF_NAME = 'cut-off';

requireOrSkip(
  'caches whose Redis fails',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  let database: TestDatabase;
  let redis: RedisServer;
  let proxy: TcpProxy;
  /** Reaches Redis by way of the proxy. */
  let behind: Cache;
  /** Reaches Redis. */
  let beside: Cache;
  let truth: Truth;

  beforeEach(async () => {
    database = await createTestDatabase();
    redis = await startRedis();
    proxy = await TcpProxy.open(redis.port);
    truth = new Truth();
    truth.rows.set('a/1', 'old');
    const redisUrl = `redis://127.0.0.1:${String(proxy.port)}`;
    behind = await startCache({ databaseUrl: `${database.url}?application_name=${CUT_OFF_NAME}`, redisUrl });
    beside = await startCache({ databaseUrl: database.url, redisUrl: redis.url });
    await bothCached('old');
  });
  afterEach(async () => {
    await proxy.close();
    await redis.stop();
    await database.drop();
  });
  closeCachesAfterEach();
  expectNoUnhandledRejection();

  async function bothCached(value: string): Promise<void> {
    await Promise.all([behind, beside].map(untilInUse));
    for (const cache of [behind, beside]) expect(await truth.untilCached(cache, 'a/1')).toBe(value);
  }

  async function write(value: string, by: Cache): Promise<void> {
    truth.rows.set('a/1', value);
    await withinMs(BOUND_MS, () => by.announce(['a']));
  }

  /** Whoever asks, as soon as the write was acknowledged. */
  async function seenByAll(value: string): Promise<void> {
    const reads = [beside, behind].map((cache) => truth.read(cache, 'a/1'));
    expect(await Promise.all(reads)).toEqual([value, value]);
  }

  async function untilAskedFor(sql: string): Promise<void> {
    await expect.poll(() => rowsOf(database.url, sql).then(({ length }) => length), PATIENCE).toBeGreaterThan(0);
  }

  const FAULTS: [string, { begin: () => Promise<void> | void; end: () => Promise<void> | void }][] = [
    ['is killed', { begin: () => redis.kill(), end: () => redis.restart() }],
    [
      'is frozen',
      {
        begin: () => {
          redis.freeze();
        },
        end: () => {
          redis.thaw();
        },
      },
    ],
    ...(['cut', 'blackhole', 'stall'] as const).map((fault): (typeof FAULTS)[number] => [
      `cannot be reached by one of them (${fault})`,
      {
        begin: () => {
          proxy[fault]();
        },
        end: () => {
          proxy.heal();
        },
      },
    ]),
  ];

  describe.each(FAULTS)('that %s', (_, { begin, end }) => {
    test('no write of one that cannot tell is acknowledged while another shows what was before', async () => {
      await begin();
      await write('new', behind);
      await seenByAll('new');
      await end();
      await bothCached('new');
      await write('newer', behind);
      await seenByAll('newer');
    });

    test('no write of the other is hidden from one that cannot be told', async () => {
      await begin();
      await write('new', beside);
      await seenByAll('new');
      await write('newer', beside);
      await seenByAll('newer');
      await end();
      await bothCached('newer');
    });

    test('reads go on, and nothing is written: all is as before when it is over', async () => {
      await begin();
      for (let times = 3; times > 0; times -= 1) {
        expect(await withinMs(READ_BOUND_MS, () => truth.read(behind, 'b/none'))).toBeUndefined();
        expect(await truth.read(behind, 'a/1')).toBe('old');
      }
      await end();
      await bothCached('old');
    });
  });

  test('for a moment: one request waits for it, the others do not, and nobody loses what is cached', async () => {
    const epochOf = async () => await rowsOf(database.url, 'select epoch from cache_view');
    const freezeForAMoment = async (): Promise<boolean> => {
      const before = await epochOf();
      redis.freeze();
      expect(await truth.read(beside, 'a/1')).toBe('old');
      expect(beside.session().isCaching('items')).toBe(false);
      redis.thaw();
      await bothCached('old');
      return JSON.stringify(await epochOf()) === JSON.stringify(before);
    };
    // A moment is shorter than a second, and here the machine may be busy.
    await expect.poll(freezeForAMoment, PATIENCE).toBe(true);
  });

  test('restarted from an old copy: what was written since the copy was made stands', async () => {
    await redis.snapshot();
    await write('new', behind);
    await bothCached('new');
    await redis.kill();
    await redis.restart();
    await seenByAll('new');
    await bothCached('new');
    truth.rows.delete('a/1');
    expect(await truth.untilCached(beside, 'a/1')).toBe('new');
  });

  test('restarted from an old copy between a commit and its announcement', async () => {
    await redis.snapshot();
    truth.rows.set('a/1', 'new');
    await redis.kill();
    await redis.restart();
    await withinMs(BOUND_MS, () => behind.announce(['a']));
    await seenByAll('new');
    await bothCached('new');
  });

  test('a link that breaks while a heartbeat is on its way: its answer, that all is well, is not believed', async () => {
    await withClient(database.url, async (client) => {
      await client.query('begin');
      await client.query('select 1 from cache_view for update');
      await untilAskedFor(
        `select 1 from pg_stat_activity where application_name = '${CUT_OFF_NAME}' and wait_event_type = 'Lock'`,
      );
      proxy.cut();
      await untilResting(behind);
      truth.rows.set('a/1', 'new');
      const acknowledged = behind.announce(['a']);
      await client.query('rollback');
      await acknowledged;
    });
    await seenByAll('new');
    proxy.heal();
    await bothCached('new');
  });

  test('links that break again and again', async () => {
    for (let round = 1; round <= 5; round += 1) {
      proxy[round % 2 === 0 ? 'cut' : 'blackhole']();
      await write(`by the one behind ${String(round)}`, behind);
      await seenByAll(`by the one behind ${String(round)}`);
      proxy.heal();
      await write(`by the one beside ${String(round)}`, beside);
      await seenByAll(`by the one beside ${String(round)}`);
    }
    await bothCached('by the one beside 5');
  });
});

/** Fails where it takes longer; there is no telling then whether it would ever end. */
async function withinMs<T>(boundMs: number, act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`It takes more than ${String(boundMs)} ms.`));
    }, boundMs);
  });
  try {
    return await Promise.race([act(), overdue]);
  } finally {
    clearTimeout(timer);
  }
}
