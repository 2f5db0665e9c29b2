import { Registry } from 'prom-client';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCacheMetrics, FILL_RESULTS, READ_RESULTS, type CacheMetrics } from '../../../src/platform/cache/cache-metrics.js';
import { REGION_NAMES } from '../../../src/platform/cache/region.js';

let registry: Registry;
let metrics: CacheMetrics;
beforeEach(() => {
  registry = new Registry();
  metrics = createCacheMetrics(registry);
});

/** The lines of one metric, without its description. */
async function lines(name: string): Promise<string[]> {
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the metrics of a cache', () => {
  test('all series are there from the beginning', async () => {
    const series = (name: string, results: readonly string[]) =>
      REGION_NAMES.flatMap((region) => results.map((result) => `${name}{region="${region}",result="${result}"} 0`));
    const name = 'stockroom_cache';
    expect(await lines(`${name}_reads_total`)).toEqual(series(`${name}_reads_total`, READ_RESULTS));
    expect(await lines(`${name}_fills_total`)).toEqual(series(`${name}_fills_total`, FILL_RESULTS));
    expect(await lines('stockroom_redis_round_trips_total')).toEqual(['stockroom_redis_round_trips_total 0']);
  });

  test('each count goes to its own series', async () => {
    metrics.read('levels', 'hit', 40);
    metrics.read('levels', 'hit', 2);
    metrics.read('levels', 'miss', 1);
    metrics.read('keys', 'bypass', 0);
    metrics.fill('items', 'refused', 7);
    metrics.error('get');
    metrics.error('get');
    metrics.error('set');
    metrics.roundTrip();
    const all = [...(await lines('stockroom_cache')), ...(await lines('stockroom_redis'))].filter((line) => !line.endsWith(' 0'));
    expect(all).toEqual([
      'stockroom_cache_reads_total{region="levels",result="hit"} 42',
      'stockroom_cache_reads_total{region="levels",result="miss"} 1',
      'stockroom_cache_fills_total{region="items",result="refused"} 7',
      'stockroom_cache_errors_total{operation="get"} 2',
      'stockroom_cache_errors_total{operation="set"} 1',
      'stockroom_redis_round_trips_total 1',
    ]);
  });

  test('the state is asked for at each reading', async () => {
    const state = async () =>
      (await Promise.all(['trusted', 'epoch', 'linked'].map((of) => lines(`stockroom_cache_${of}`)))).flat();
    expect(await state()).toEqual(['stockroom_cache_trusted 0', 'stockroom_cache_epoch 0', 'stockroom_cache_linked 0']);
    const now = { trusted: true, epoch: 4, linked: false };
    metrics.watch({ trusted: () => now.trusted, epoch: () => now.epoch, linked: () => now.linked });
    expect(await state()).toEqual(['stockroom_cache_trusted 1', 'stockroom_cache_epoch 4', 'stockroom_cache_linked 0']);
    Object.assign(now, { trusted: false, epoch: 5, linked: true });
    expect(await state()).toEqual(['stockroom_cache_trusted 0', 'stockroom_cache_epoch 5', 'stockroom_cache_linked 1']);
  });

  test('two caches in one process have a registry each', async () => {
    createCacheMetrics(new Registry()).roundTrip();
    expect(await lines('stockroom_redis')).toEqual(['stockroom_redis_round_trips_total 0']);
  });
});
