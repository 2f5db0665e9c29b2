import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Cache } from '../../../src/platform/cache/cache.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { closeCachesAfterEach, gate, PATIENCE, startCache, Tally, TEXTS, Truth, ttls, untilInUse } from './cache-fixture.js';

const MANY = 50;
const SHORT_TTL_MS = 1000;
const REMEMBERING = { ...TEXTS, remembersUnknown: true };

let database: TestDatabase;
let truth: Truth;
let tally: Tally;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  truth = new Truth();
  truth.rows.set('a/1', 'old');
  tally = new Tally();
});
closeCachesAfterEach();

async function soleCache(settings: Partial<Parameters<typeof startCache>[0]> = {}): Promise<Cache> {
  const cache = await startCache({ databaseUrl: database.url, metrics: tally, ...settings });
  await untilInUse(cache);
  return cache;
}

/** A request whose load waits for the gate, having seen the truth already. */
function readHeldBack(cache: Cache, id: string, held: Promise<void>) {
  return cache.session().getMany(TEXTS, [id], async (ids) => {
    const seen = await truth.load(ids);
    await held;
    return seen;
  });
}

describe('a value', () => {
  test('is loaded once and then hit', async () => {
    const cache = await soleCache();
    expect([await truth.read(cache, 'a/1'), await truth.read(cache, 'a/1')]).toEqual(['old', 'old']);
    expect(truth.loads).toBe(1);
    expect(tally.reads).toEqual({ hit: 1, miss: 1, outdated: 0, bypass: 0 });
  });

  test('keeps its place among others, and only those that are missing are loaded, each once', async () => {
    const cache = await soleCache();
    truth.rows.set('b/1', 'other');
    await truth.read(cache, 'b/1');
    const asked: string[][] = [];
    const values = await cache.session().getMany(TEXTS, ['a/1', 'b/1', 'c/1'], (ids) => {
      asked.push([...ids]);
      return truth.load(ids);
    });
    expect(values).toEqual(['old', 'other', undefined]);
    expect(asked).toEqual([['a/1', 'c/1']]);
  });

  test('is outdated once its stamp was announced; those under other stamps are not', async () => {
    const cache = await soleCache();
    truth.rows.set('b/1', 'other');
    await truth.read(cache, 'a/1');
    await truth.read(cache, 'b/1');
    truth.rows.set('a/1', 'new');
    await cache.announce(['a', 'c']);
    expect(await truth.read(cache, 'a/1')).toBe('new');
    expect(tally.reads.outdated).toBe(1);
    expect([await truth.isLoadedFor(cache, 'a/1'), await truth.isLoadedFor(cache, 'b/1')]).toEqual([false, false]);
  });

  test('ends with its time to live', async () => {
    const cache = await soleCache({ ttlMs: ttls({ items: SHORT_TTL_MS }) });
    await truth.read(cache, 'a/1');
    truth.rows.set('a/1', 'new');
    expect(await truth.read(cache, 'a/1')).toBe('old');
    await expect.poll(() => truth.read(cache, 'a/1'), PATIENCE).toBe('new');
  });

  test('is not cached where its region has no time to live', async () => {
    const cache = await startCache({ databaseUrl: database.url, metrics: tally, ttlMs: ttls({ items: 0 }) });
    await expect.poll(() => cache.session().isCaching('levels'), PATIENCE).toBe(true);
    expect(cache.session().isCaching('items')).toBe(false);
    expect([await truth.isLoadedFor(cache, 'a/1'), await truth.isLoadedFor(cache, 'a/1')]).toEqual([true, true]);
    expect(tally.reads).toEqual({ hit: 0, miss: 0, outdated: 0, bypass: 2 });
  });
});

describe('"there is none"', () => {
  const readTwice = async (cache: Cache, region: typeof TEXTS) => {
    for (let times = 2; times > 0; times -= 1) expect(await truth.read(cache, 'b/none', region)).toBeUndefined();
    return truth.loads;
  };

  test('is remembered where the region says so, until it is announced', async () => {
    const cache = await soleCache();
    expect(await readTwice(cache, REMEMBERING)).toBe(1);
    truth.rows.set('b/none', 'here');
    await cache.announce(['b']);
    expect(await truth.read(cache, 'b/none', REMEMBERING)).toBe('here');
  });

  test('is not remembered where the region does not say so', async () => {
    expect(await readTwice(await soleCache(), TEXTS)).toBe(2);
  });

  test('is not remembered where it has no time to live', async () => {
    expect(await readTwice(await soleCache({ unknownTtlMs: 0 }), REMEMBERING)).toBe(2);
  });
});

describe('many requests that miss one value', () => {
  test('wait for one load', async () => {
    const cache = await soleCache();
    const held = gate();
    const reads = Array.from({ length: MANY }, () => readHeldBack(cache, 'a/1', held.passed));
    await expect.poll(() => tally.reads.miss, PATIENCE).toBe(MANY);
    held.open();
    expect((await Promise.all(reads)).flat()).toEqual(Array.from({ length: MANY }, () => 'old'));
    expect(truth.loads).toBe(1);
  });

  test('do not fail with the one that loads', async () => {
    const cache = await soleCache();
    const held = gate();
    const failing = cache.session().getMany(TEXTS, ['a/1'], async () => {
      await held.passed;
      throw new Error('of this request alone');
    });
    await expect.poll(() => tally.reads.miss, PATIENCE).toBe(1);
    const others = Array.from({ length: MANY }, () => truth.read(cache, 'a/1'));
    await expect.poll(() => tally.reads.miss, PATIENCE).toBe(MANY + 1);
    expect(truth.loads).toBe(0);
    held.open();
    await expect(failing).rejects.toThrow('of this request alone');
    expect(await Promise.all(others)).toEqual(others.map(() => 'old'));
  });
});

describe('a load that began before a write', () => {
  test('is not believed after it', async () => {
    const cache = await soleCache();
    const held = gate();
    const early = readHeldBack(cache, 'a/1', held.passed);
    await expect.poll(() => truth.loads, PATIENCE).toBe(1);
    truth.rows.set('a/1', 'new');
    await cache.announce(['a']);
    held.open();
    expect(await early).toEqual(['old']);
    await expect.poll(() => tally.fills, PATIENCE).toEqual({ stored: 0, refused: 1 });
    expect(await truth.read(cache, 'a/1')).toBe('new');
  });

  test('is not waited for by who comes after it', async () => {
    const cache = await soleCache();
    const held = gate();
    const early = readHeldBack(cache, 'a/1', held.passed);
    await expect.poll(() => truth.loads, PATIENCE).toBe(1);
    truth.rows.set('a/1', 'new');
    await cache.announce(['a']);
    expect(await truth.read(cache, 'a/1')).toBe('new');
    held.open();
    expect(await early).toEqual(['old']);
    await setImmediate();
    expect(await truth.read(cache, 'a/1')).toBe('new');
  });

  test('and had its stamp before the request that it is loaded for asks again: a request is as of its beginning', async () => {
    const cache = await soleCache();
    const session = cache.session();
    expect(await session.getMany(TEXTS, ['a/1'], truth.load)).toEqual(['old']);
    truth.rows.set('a/1', 'new');
    await cache.announce(['a']);
    expect(await session.getMany(TEXTS, ['a/1'], truth.load)).toEqual(['old']);
    expect(await cache.session().getMany(TEXTS, ['a/1'], truth.load)).toEqual(['new']);
  });
});
