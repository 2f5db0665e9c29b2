import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { NearTier } from '../../../src/platform/cache/near-tier.js';
import { REGION_NAMES, type RegionName } from '../../../src/platform/cache/region.js';
import { cachedRow, unknownCode, type CachedRow } from './cached-rows.js';

/**
 * What the near tier really takes when a million distinct values have gone through it, against what it was given, which is what it takes by its
 * own estimate; first with one region at a time. Fails where it takes more, or so much less that a good part of what was given lies idle.
 *
 *     npm run check:memory -- 64
 */
const KEYS = 1_000_000;
/** More than fit into the share of any region. */
const KEYS_OF_ONE_REGION = 100_000;
const DEFAULT_MB = 64;
const BYTES_PER_MB = 1024 * 1024;
/** Kept for as long as the check runs. */
const TTL_MS = 86_400_000;
/** The promises of as many may be open at a time. */
const KEYS_PER_TURN = 1000;
/** The share of what was given that is at least to be used by all together. */
const LEAST_USE = 0.6;
const UNKNOWN = 'unknown codes';
const ALL = 'all regions in turn';
const COLLECTIONS = 5;
const BETWEEN_COLLECTIONS_MS = 20;

/** Each measures in a process of its own: what another has left behind would be found in the sums. */
function main(megabytes: string): void {
  const one = [...REGION_NAMES, UNKNOWN].map((what) => [what, String(KEYS_OF_ONE_REGION)]);
  const codes = [...one, [ALL, String(KEYS)]].map((what) => {
    const words = [...process.execArgv, '--expose-gc', process.argv[1] ?? '', megabytes, ...what];
    return spawnSync(process.execPath, words, { stdio: 'inherit' }).status;
  });
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
}

async function measure(megabytes: string, what: string, keys: number): Promise<void> {
  const given = Number(megabytes) * BYTES_PER_MB;
  await warmUp(what);
  const before = await usedBytes();
  const tier = new NearTier(given);
  await fill(tier, what, keys);
  const after = await usedBytes();
  const { estimatedBytes } = tier;
  const use = (after - before) / estimatedBytes;
  const real = `heap and external ${mb(before)} before, ${mb(after)} after: ${mb(after - before)}`;
  console.log(`${what.padEnd(ALL.length)}  ${real}; by its own estimate ${mb(estimatedBytes)}; used ${use.toFixed(2)}`);
  process.exitCode = use > 1 || (what === ALL && use < LEAST_USE) || estimatedBytes > given ? 1 : 0;
}

/** What is made once, by the first use of its code, is nobody's cache. */
async function warmUp(what: string): Promise<void> {
  await fill(new NearTier(BYTES_PER_MB), what, 2 * KEYS_PER_TURN);
}

async function fill(tier: NearTier, what: string, keys: number): Promise<void> {
  for (let number = 0; number < keys; number += 1) {
    const [region, { key, entry }] = nextRow(what, number);
    const setting = tier.set(region, key, entry, TTL_MS);
    if (number % KEYS_PER_TURN === 0) await setting;
  }
}

function nextRow(what: string, number: number): [RegionName, CachedRow] {
  if (what === UNKNOWN) return ['barcodes', unknownCode(number)];
  const region = what === ALL ? REGION_NAMES[number % REGION_NAMES.length] : REGION_NAMES.find((name) => name === what);
  if (region === undefined) throw new Error(`There is no region called ${what}.`);
  return [region, cachedRow(region, number)];
}

async function usedBytes(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('The collector cannot be asked: run it by npm run check:memory.');
  for (let times = COLLECTIONS; times > 0; times -= 1) {
    gc();
    await sleep(BETWEEN_COLLECTIONS_MS);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function mb(bytes: number): string {
  return `${(bytes / BYTES_PER_MB).toFixed(1)} MiB`;
}

const [megabytes = String(DEFAULT_MB), what, keys] = process.argv.slice(2);
if (what === undefined) main(megabytes);
else await measure(megabytes, what, Number(keys));
