import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import type { App } from '../../src/app.js';
import { loadConfig } from '../../src/config/config.js';
import { parseMetrics, sumOf, type Metrics } from '../coherence/metrics.js';
import { createTestApp, testDataDir } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { requireOrSkip } from '../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../support/redis-server.js';
import { askDatabase, type Ask } from './ask.js';

const METRICS_TOKEN = 'token-of-the-cache-tests';
const READS = 'stockroom_cache_reads_total';
/** A busy machine may keep Redis from answering in time, so that the cache rests for a moment. */
const WARM_TIMEOUT_MS = 15_000;
const PAUSE_MS = 20;

/** What was asked of the cache, over all regions. */
interface Reads {
  readonly hits: number;
  readonly others: number;
}

/** Instances of the program over one database, with a cache that they may use. */
export class CachedApps {
  /** What the database says. */
  readonly truth: Ask;

  private constructor(
    readonly database: TestDatabase,
    readonly apps: readonly App[],
    /** Undefined where the cache is the memory of one instance. */
    readonly redis: RedisServer | undefined,
  ) {
    this.truth = askDatabase(database.orm);
  }

  static async alone(): Promise<CachedApps> {
    const database = await createTestDatabase();
    return new CachedApps(database, [await openApp(database)], undefined);
  }

  static async besideRedis(): Promise<CachedApps> {
    const redis = await startRedis();
    const database = await createTestDatabase();
    return new CachedApps(database, [await openApp(database, redis), await openApp(database, redis)], redis);
  }

  /** One of them, whichever. */
  get app(): App {
    const [app] = this.apps;
    if (!app) throw new Error('There is no instance.');
    return app;
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.database.drop();
    await this.redis?.kill();
  }

  /** Looks through each instance until all that one look reads comes out of the cache; gives what they showed then. */
  async warm<T>(look: (app: App) => Promise<T>): Promise<T[]> {
    const shown: T[] = [];
    for (const app of this.apps) shown.push(await untilWarm(app, () => look(app)));
    return shown;
  }
}

/** Does it again and again until all that it reads comes out of the instance's cache; gives what came of it then. */
export async function untilWarm<T>(app: App, act: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + WARM_TIMEOUT_MS;
  for (;;) {
    const before = await readsOf(app);
    const result = await act();
    const after = await readsOf(app);
    // That a key was used is noted once in a while, and nobody waits for it.
    await app.services.authenticator.close();
    if (after.others === before.others && after.hits > before.hits) return result;
    if (performance.now() > giveUpAt) throw new Error('The cache is not used, or not all of it is read from there.');
    await sleep(PAUSE_MS);
  }
}

export async function metricsOf(app: App): Promise<Metrics> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  return parseMetrics((await app.inject({ method: 'GET', url: '/metrics', headers })).body);
}

type Suite = (opened: () => CachedApps) => void;

/** The suite once for each way to cache. */
export function inBothSettings(suite: Suite): void {
  describe(
    'one instance, which caches in its own memory',
    within(() => CachedApps.alone(), suite),
  );
  besideRedis(suite);
}

export function besideRedis(suite: Suite): void {
  requireOrSkip(
    'two instances, which cache in one Redis',
    redisAvailable(),
    'redis-server is not installed',
  )(within(() => CachedApps.besideRedis(), suite));
}

function within(open: () => Promise<CachedApps>, suite: Suite): () => void {
  return () => {
    const held: { cached?: CachedApps } = {};
    beforeAll(async () => {
      held.cached = await open();
    });
    afterAll(() => held.cached?.close());
    suite(() => {
      if (!held.cached) throw new Error('Nothing was opened yet.');
      return held.cached;
    });
  };
}

function openApp(database: TestDatabase, redis?: RedisServer): Promise<App> {
  const env = { NODE_ENV: 'test', PORT: '0', OUTBOX: 'off', METRICS_TOKEN, REDIS_URL: redis?.url, DATA_DIR: testDataDir() };
  return createTestApp(database, { config: loadConfig(env) });
}

async function readsOf(app: App): Promise<Reads> {
  const metrics = await metricsOf(app);
  const hits = sumOf(metrics, READS, { result: 'hit' });
  return { hits, others: sumOf(metrics, READS) - hits };
}
