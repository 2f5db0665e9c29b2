import { Counter, Gauge, type Registry } from 'prom-client';
import { REGION_NAMES, type RegionName } from './region.js';

/**
 * What became of a value that was asked for: believed (hit), not there (miss), there but of an older stamp (outdated), or not looked for or not
 * found out, because the region is not cached, the cache was not trusted or the link to it broke (bypass).
 */
export const READ_RESULTS = ['hit', 'miss', 'outdated', 'bypass'] as const;
export type ReadResult = (typeof READ_RESULTS)[number];

/** Whether a loaded value was kept, or not, because what it was read from has changed meanwhile. */
export const FILL_RESULTS = ['stored', 'refused'] as const;
export type FillResult = (typeof FILL_RESULTS)[number];

/** What is asked of the cache whenever the metrics are read; each answers at once. */
export interface CacheState {
  /** Whether values are read from the cache now. */
  readonly trusted: () => boolean;
  readonly epoch: () => number;
  /** Whether the shared memory is reached now. */
  readonly linked: () => boolean;
}

/** Where the cache tells what it does; on the way of every request, so each call does next to nothing, and none at all for a count of 0. */
export interface CacheMetrics {
  read(region: RegionName, result: ReadResult, count: number): void;
  fill(region: RegionName, result: FillResult, count: number): void;
  /** `operation` is one of a few names in the program's text, never made from data: each is a series of its own for ever. */
  error(operation: string): void;
  /** A call to Redis that waits for its answer. */
  roundTrip(): void;
  /** Until it is called, the cache counts as neither trusted nor linked, and its epoch as 0. */
  watch(state: CacheState): void;
}

/** For a program whose metrics nobody reads. */
export const NO_METRICS: CacheMetrics = {
  read: () => undefined,
  fill: () => undefined,
  error: () => undefined,
  roundTrip: () => undefined,
  watch: () => undefined,
};

/** Puts the metrics of one cache into the registry, which refuses a second cache's. All series with known labels begin at 0. */
export function createCacheMetrics(registry: Registry): CacheMetrics {
  const registers = [registry];
  const reads = new Counter({
    name: 'stockroom_cache_reads_total',
    help: 'Values asked for, by region and by what became of it: hit, miss, outdated, bypass.',
    labelNames: ['region', 'result'],
    registers,
  });
  const fills = new Counter({
    name: 'stockroom_cache_fills_total',
    help: 'Values loaded from the database, by region and by whether the cache took them: stored, refused.',
    labelNames: ['region', 'result'],
    registers,
  });
  const errors = new Counter({
    name: 'stockroom_cache_errors_total',
    help: 'Operations of the cache that failed; requests were answered without it.',
    labelNames: ['operation'],
    registers,
  });
  const roundTrips = new Counter({ name: 'stockroom_redis_round_trips_total', help: 'Calls to Redis.', registers });
  const readsOf = children(reads, READ_RESULTS);
  const fillsOf = children(fills, FILL_RESULTS);
  return {
    read: (region, result, count) => {
      if (count > 0) readsOf[region][result].inc(count);
    },
    fill: (region, result, count) => {
      if (count > 0) fillsOf[region][result].inc(count);
    },
    error: (operation) => {
      errors.inc({ operation });
    },
    roundTrip: () => {
      roundTrips.inc();
    },
    watch: stateGauges(registry),
  };
}

type Children<Result extends string> = Record<RegionName, Record<Result, Counter.Internal>>;

/** Found once and for all, and set to 0: a rate needs a first value to rise from. */
function children<Result extends string>(counter: Counter<'region' | 'result'>, results: readonly Result[]): Children<Result> {
  const child = (region: RegionName, result: Result) => {
    const found = counter.labels({ region, result });
    found.inc(0);
    return [result, found] as const;
  };
  const ofRegion = (region: RegionName) => [region, Object.fromEntries(results.map((result) => child(region, result)))] as const;
  return Object.fromEntries(REGION_NAMES.map(ofRegion)) as Children<Result>;
}

/** Asked for only when the metrics are read. */
function stateGauges(registry: Registry): CacheMetrics['watch'] {
  let state: CacheState | undefined;
  const gauge = (name: string, help: string, read: (of: CacheState) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(state ? read(state) : 0);
      },
    });
  };
  gauge('stockroom_cache_trusted', 'Whether values are read from the cache: 1 or 0.', (of) => Number(of.trusted()));
  gauge('stockroom_cache_epoch', 'The epoch of the cache, raised whenever what it holds was given up.', (of) => of.epoch());
  gauge('stockroom_cache_linked', 'Whether the shared memory of the cache is reached: 1 or 0.', (of) => Number(of.linked()));
  return (of) => {
    state = of;
  };
}
