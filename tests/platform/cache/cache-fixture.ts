import pg from 'pg';
import { afterAll, afterEach, expect } from 'vitest';
import type { CacheMetrics, FillResult, ReadResult } from '../../../src/platform/cache/cache-metrics.js';
import { Cache, type CacheSettings, type ReadCache } from '../../../src/platform/cache/cache.js';
import { REGION_NAMES, type Region, type RegionName } from '../../../src/platform/cache/region.js';
import { createLogger } from '../../../src/platform/log.js';

/** Longer than anything takes on a busy machine; who waits goes on as soon as he can. */
export const PATIENCE = { timeout: 15_000, interval: 10 };
const TTL_MS = 600_000;
const MEMORY_BYTES = 8 * 1024 * 1024;

export const SILENT = createLogger({ level: 'silent' });

export function ttls(of: Partial<Record<RegionName, number>> = {}): Record<RegionName, number> {
  return { ...(Object.fromEntries(REGION_NAMES.map((name) => [name, TTL_MS])) as Record<RegionName, number>), ...of };
}

/** Texts by name; all names with the same part before the first "/" are believed under one stamp, which is called by that part. */
export const TEXTS: Region<string, string> = {
  name: 'items',
  version: 1,
  keyOf: (id) => id,
  stampOf: (id) => id.split('/')[0] ?? '',
  remembersUnknown: false,
  loadsOnce: false,
  codec: { encode: (value) => value, decode: (json: string) => json },
};

/** Counts what a cache tells. */
export class Tally implements CacheMetrics {
  readonly reads: Record<ReadResult, number> = { hit: 0, miss: 0, outdated: 0, bypass: 0 };
  readonly fills: Record<FillResult, number> = { stored: 0, refused: 0 };
  readonly error = (): void => undefined;
  readonly roundTrip = (): void => undefined;
  readonly watch = (): void => undefined;

  read(_region: RegionName, result: ReadResult, count: number): void {
    this.reads[result] += count;
  }

  fill(_region: RegionName, result: FillResult, count: number): void {
    this.fills[result] += count;
  }
}

export interface CacheAt extends Partial<CacheSettings> {
  readonly databaseUrl: string;
  readonly metrics?: CacheMetrics;
}

const open = new Set<Cache>();

/** A cache as one instance of the server has it, joined. Closed after the test, if the test has not done so. */
export async function startCache({ databaseUrl, metrics, ...settings }: CacheAt): Promise<Cache> {
  const cache = new Cache({
    settings: {
      ...{ enabled: true, redisUrl: undefined, memoryBytes: MEMORY_BYTES, unknownTtlMs: TTL_MS, ttlMs: ttls() },
      ...settings,
    },
    databaseUrl,
    log: SILENT,
    metrics,
  });
  open.add(cache);
  await cache.start();
  return cache;
}

export async function leave(cache: Cache): Promise<void> {
  open.delete(cache);
  await cache.close();
}

export function closeCachesAfterEach(): void {
  afterEach(async () => {
    await Promise.all([...open].map(leave));
  });
}

/** Fails the file where a promise was rejected and nobody heard of it: that would end a server. */
export function expectNoUnhandledRejection(): void {
  const unheard: unknown[] = [];
  const note = (reason: unknown): void => {
    unheard.push(reason);
  };
  process.on('unhandledRejection', note);
  afterAll(() => {
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });
}

/** What is true, as a database would have it, and how often it was asked. */
export class Truth {
  readonly rows = new Map<string, string>();
  loads = 0;

  readonly load = (ids: readonly string[]): Promise<(string | undefined)[]> => {
    this.loads += 1;
    return Promise.resolve(ids.map((id) => this.rows.get(id)));
  };

  /** One request, which reads one value. */
  async read(cache: ReadCache, id: string, region = TEXTS): Promise<string | undefined> {
    const [value] = await cache.session().getMany(region, [id], this.load);
    return value;
  }

  /** Whether that request had to ask the truth. */
  async isLoadedFor(cache: ReadCache, id: string): Promise<boolean> {
    const before = this.loads;
    await this.read(cache, id);
    return this.loads > before;
  }

  /** A link may rest and a value may be pushed out at any moment, so a hit is a matter of soon. Gives what was hit. */
  async untilCached(cache: ReadCache, id: string): Promise<string | undefined> {
    await expect.poll(() => this.isLoadedFor(cache, id), PATIENCE).toBe(false);
    return this.read(cache, id);
  }
}

export async function untilInUse(cache: ReadCache): Promise<void> {
  await expect.poll(() => cache.session().isCaching(TEXTS.name), PATIENCE).toBe(true);
}

export async function untilResting(cache: ReadCache): Promise<void> {
  await expect.poll(() => cache.session().isCaching(TEXTS.name), PATIENCE).toBe(false);
}

/** A connection beside everybody's. */
export async function withClient<T>(databaseUrl: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

export async function rowsOf<Row extends object>(url: string, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  return await withClient(url, async (client) => (await client.query<Row>(sql, parameters)).rows);
}

/** A promise that is kept when the test says so. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    passed: promise,
    open: () => {
      resolve(undefined);
    },
  };
}
