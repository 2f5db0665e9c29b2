import { describe, expect, test } from 'vitest';
import { NearTier, type NearEntry } from '../../../src/platform/cache/near-tier.js';
import { REGION_NAMES, type RegionName } from '../../../src/platform/cache/region.js';

const BYTES_PER_MB = 1024 * 1024;
const BOUND_BYTES = 4 * BYTES_PER_MB;
const KEYS = 100_000;
const TTL_MS = 600_000;
/** Characters of JSON, as of an item. */
const SIZE = 400;
/** What no entry is reckoned below: its value alone takes more. */
const LEAST_ENTRY_BYTES = 2 * SIZE;
/** What is left over where the next entry does not fit. */
const NEAR_THE_BOUND = 0.95;

const entryOf = (value: unknown, size = SIZE): NearEntry => ({ stamp: 'stamp', value, size });

/** More distinct keys than fit, in turn of the regions. */
async function fill(tier: NearTier, regions: readonly RegionName[]): Promise<void> {
  for (let number = 0; number < KEYS; number += 1) {
    const region = regions[number % regions.length] ?? 'items';
    await tier.set(region, keyOf(number), entryOf(number), TTL_MS);
  }
}

function keyOf(number: number): string {
  return `region.1/a-shop/${String(number)}`;
}

async function heldNumbers(tier: NearTier, region: RegionName): Promise<number[]> {
  const entries = await tier.getMany(
    region,
    Array.from({ length: KEYS }, (_, number) => keyOf(number)),
  );
  return entries.flatMap((entry, number) => (entry?.value === number ? [number] : []));
}

describe('the near tier', () => {
  test('holds no more than it was given, and nearly that, whatever goes through it', async () => {
    const tier = new NearTier(BOUND_BYTES);
    await fill(tier, REGION_NAMES);
    expect(tier.estimatedBytes).toBeLessThanOrEqual(BOUND_BYTES);
    expect(tier.estimatedBytes).toBeGreaterThan(NEAR_THE_BOUND * BOUND_BYTES);
    const held = await Promise.all(REGION_NAMES.map((region) => heldNumbers(tier, region)));
    expect(Math.min(...held.map(({ length }) => length))).toBeGreaterThan(0);
    expect(held.flat().length).toBeLessThan(BOUND_BYTES / LEAST_ENTRY_BYTES);
  });

  test('a region keeps to its share, and forgets what was not used for longest', async () => {
    const tier = new NearTier(BOUND_BYTES);
    await tier.set('levels', 'of another region', entryOf('kept'), TTL_MS);
    await tier.set('items', 'used now and then', entryOf('kept'), TTL_MS);
    for (let number = 0; number < KEYS; number += 1) {
      await tier.set('items', keyOf(number), entryOf(number), TTL_MS);
      if (number % 100 === 0) await tier.getMany('items', ['used now and then']);
    }
    expect(tier.estimatedBytes).toBeLessThan(BOUND_BYTES / 2);
    const held = await heldNumbers(tier, 'items');
    expect(held).toEqual(Array.from({ length: held.length }, (_, index) => KEYS - held.length + index));
    expect(held.length).toBeGreaterThan(100);
    expect((await tier.getMany('items', ['used now and then']))[0]?.value).toBe('kept');
    expect((await tier.getMany('levels', ['of another region']))[0]?.value).toBe('kept');
  });

  test('a value that takes more counts for more, and one that is larger than its share is not kept', async () => {
    const tier = new NearTier(BOUND_BYTES);
    await tier.set('items', 'small', entryOf('small', 10), TTL_MS);
    const small = tier.estimatedBytes;
    await tier.set('items', 'large', entryOf('large', 100_000), TTL_MS);
    expect(tier.estimatedBytes - small).toBeGreaterThan(100_000);
    await tier.set('items', 'large', entryOf('too large', BOUND_BYTES), TTL_MS);
    expect((await tier.getMany('items', ['small', 'large'])).map((entry) => entry?.value)).toEqual(['small', undefined]);
    expect(tier.estimatedBytes).toBe(small);
  });

  test('is not a copy of what it is given: objects stay what they are', async () => {
    const tier = new NearTier(BOUND_BYTES);
    const value = Object.freeze({ at: new Date(0) });
    await tier.set('items', 'one', entryOf(value), TTL_MS);
    expect((await tier.getMany('items', ['one', 'none'])).map((entry) => entry?.value)).toEqual([value, undefined]);
    expect((await tier.getMany('items', ['one']))[0]?.value).toBe(value);
  });
});
