import {
  BurstyRateLimiter,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type IRateLimiterOptions,
} from 'rate-limiter-flexible';
import type { Logger } from '../log.js';
import { CostBuckets, type BucketRule } from './cost-buckets.js';
import type { Limiter, LimitRule, Taken } from './limiter.js';
import { SharedCounts, type CountsClient } from './shared-counts.js';

const MS_PER_S = 1_000;
const BURST_PERIODS = 10;

export interface LimitsOptions {
  /** Undefined: each process counts for itself. */
  readonly redisUrl: string | undefined;
  readonly log: Logger;
}

/**
 * Counts who does what how often: all instances together through Redis where there is one, each for itself otherwise and for as long as Redis does
 * not answer. A limit protects the server, so that a count that is lost now and then costs nothing; stock is never decided by one.
 */
export class Limits {
  private readonly shared: SharedCounts | undefined;

  constructor({ redisUrl, log }: LimitsOptions) {
    this.shared = redisUrl === undefined ? undefined : new SharedCounts(redisUrl, log);
  }

  /** Reaches Redis before anybody is counted, if it can be reached; it never rejects. */
  async start(): Promise<void> {
    await this.shared?.start();
  }

  limiter(rule: LimitRule): Limiter {
    const alone = processLimiter(rule);
    let together: { readonly client: CountsClient; readonly limiter: Consumer } | undefined;
    const shared = (client: CountsClient): Consumer => {
      if (together?.client !== client) together = { client, limiter: redisLimiter(rule, client) };
      return together.limiter;
    };
    return {
      take: async (key, points = 1) => {
        const counted = await this.shared?.use((client) => consume(shared(client), key, points));
        return counted ?? alone.take(key, points);
      },
    };
  }

  /** Points that come back at an even rate; for what is asked too often to ask Redis each time. */
  buckets(rule: BucketRule): CostBuckets {
    return new CostBuckets(rule, this.shared);
  }

  close(): void {
    this.shared?.close();
  }
}

type Steady = RateLimiterMemory | RateLimiterRedis;
type Consumer = Steady | BurstyRateLimiter;

/** Counts in this process alone. */
export function processLimiter(rule: LimitRule): Limiter {
  const counts = bursty(rule, (options) => new RateLimiterMemory(options));
  return { take: (key, points = 1) => consume(counts, key, points) };
}

function redisLimiter(rule: LimitRule, client: CountsClient): Consumer {
  return bursty(rule, (options) => new RateLimiterRedis({ ...options, storeClient: client, useRedisPackage: true }));
}

function bursty({ name, points, perMs, burst }: LimitRule, make: (options: IRateLimiterOptions) => Steady): Consumer {
  const duration = perMs / MS_PER_S;
  const steady = make({ points, duration, keyPrefix: `{stockroom}:limit:${name}` });
  if (burst === undefined) return steady;
  const more = make({ points: burst, duration: duration * BURST_PERIODS, keyPrefix: `{stockroom}:limit:${name}:burst` });
  return new BurstyRateLimiter(steady, more);
}

async function consume(limiter: Consumer, key: string, points: number): Promise<Taken> {
  try {
    const { remainingPoints } = await limiter.consume(key, points);
    return { ok: true, left: remainingPoints };
  } catch (refusal) {
    // Anything else is an error of the store's.
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { ok: false, retryAfterMs: Math.max(1, refusal.msBeforeNext) };
  }
}
