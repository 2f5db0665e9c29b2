import { LRUCache } from 'lru-cache';
import type { SharedCounts } from './shared-counts.js';

export interface BucketRule {
  /** Names the buckets among those that share one memory. */
  readonly name: string;
  /** What a full bucket holds. */
  readonly maximum: number;
  /** What comes back in a second. */
  readonly restoreRate: number;
}

export interface BucketStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
}

const MAX_BUCKETS = 10_000;
const MS_PER_S = 1_000;
/** What an instance takes out of the shared bucket at a time: a tenth of a second's, so that Redis is asked ten times a second at most. */
const CHUNKS_PER_S = 10;
/** What was taken out and not used is worth nothing after this time: the shared bucket has long been filled again. */
const LEASE_MS = 2_000;

/**
 * The bucket of one key in Redis, by Redis' own clock: takes up to what is wanted, but nothing where less than `least` is there.
 * KEYS[1]; ARGV: maximum, rate per second, least, wanted. Answers what was taken and what is left.
 */
const TAKE = `
local now = redis.call('TIME')
local at = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local maximum, rate, least, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local left = math.min(maximum, (tonumber(kept[1]) or maximum) + math.max(0, at - (tonumber(kept[2]) or at)) * rate / 1000)
local taken = 0
if left >= least then taken = math.min(left, wanted) end
redis.call('HSET', KEYS[1], 'left', left - taken, 'at', at)
redis.call('PEXPIRE', KEYS[1], math.ceil(maximum / rate * 1000) + 1000)
return { tostring(taken), tostring(left - taken) }`;

interface Bucket {
  /** What this process may still spend. */
  left: number;
  /** When that was last brought up to date. */
  at: number;
  /** What the shared bucket was last seen to hold besides; 0 where there is none. */
  shared: number;
}

/**
 * Token buckets, one a key. Alone, a bucket is a few numbers. With Redis it is kept there, and this process spends of it what it has taken out before, so
 * that most calls ask nobody. While Redis does not answer each process has a bucket of its own.
 */
export class CostBuckets {
  private readonly own = new LRUCache<string, Bucket>({ max: MAX_BUCKETS });
  private readonly leased = new LRUCache<string, Bucket>({ max: MAX_BUCKETS });

  constructor(
    private readonly rule: BucketRule,
    private readonly counts: SharedCounts | undefined,
  ) {}

  /** Takes `cost` from the key's bucket; false where that is not there, and then nothing is taken. More than a full bucket is never there. */
  async take(key: string, cost: number): Promise<boolean> {
    const bucket = (this.counts && (await this.lease(this.counts, key, cost))) ?? this.filled(key);
    if (bucket.left < cost) return false;
    bucket.left -= cost;
    return true;
  }

  /** What was taken and not needed. */
  giveBack(key: string, cost: number): void {
    const bucket = this.current(key);
    bucket.left = Math.min(this.rule.maximum, bucket.left + cost);
  }

  /** As far as this process knows. */
  status(key: string): BucketStatus {
    const { left, shared } = this.current(key);
    const { maximum, restoreRate } = this.rule;
    return { maximumAvailable: maximum, currentlyAvailable: Math.floor(Math.min(maximum, left + shared)), restoreRate };
  }

  /** How long it takes until so much is there, if nobody takes any. */
  retryAfterMs(key: string, cost: number): number {
    const { left, shared } = this.current(key);
    return Math.ceil((Math.max(0, cost - left - shared) / this.rule.restoreRate) * MS_PER_S) + 1;
  }

  private current(key: string): Bucket {
    return this.leased.get(key) ?? this.filled(key);
  }

  /** This process's own bucket; it begins full. */
  private filled(key: string): Bucket {
    const { maximum, restoreRate } = this.rule;
    const now = performance.now();
    const bucket = this.own.get(key) ?? { left: maximum, at: now, shared: 0 };
    bucket.left = Math.min(maximum, bucket.left + ((now - bucket.at) / MS_PER_S) * restoreRate);
    bucket.at = now;
    this.own.set(key, bucket);
    return bucket;
  }

  /** What this process holds of the shared bucket, `cost` if that can be had; undefined where Redis does not answer. */
  private async lease(counts: SharedCounts, key: string, cost: number): Promise<Bucket | undefined> {
    const bucket = this.leased.get(key) ?? { left: 0, at: 0, shared: 0 };
    if (performance.now() - bucket.at > LEASE_MS) bucket.left = 0;
    if (bucket.left >= cost) return bucket;
    const { name, maximum, restoreRate } = this.rule;
    const least = cost - bucket.left;
    const wanted = Math.max(least, restoreRate / CHUNKS_PER_S);
    const keys = [`{stockroom}:bucket:${name}:${key}`];
    const answer = await counts.use((client) =>
      client.eval(TAKE, { keys, arguments: [maximum, restoreRate, least, wanted].map(String) }),
    );
    if (answer === undefined) {
      this.leased.delete(key);
      return undefined;
    }
    const [taken = 0, left = 0] = (answer as string[]).map(Number);
    bucket.left += taken;
    bucket.shared = left;
    bucket.at = performance.now();
    this.leased.set(key, bucket);
    return bucket;
  }
}
