import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { passFailpoint, type Failpoints } from '../failpoints.js';
import type { Logger } from '../log.js';
import { NO_METRICS, type CacheMetrics } from './cache-metrics.js';
import { UNCACHED, type CacheSession } from './cache-session.js';
import { CachingSession, type SessionParts } from './caching-session.js';
import { Loads, type LoadParts } from './loads.js';
import { NearTier } from './near-tier.js';
import { NO_TIER } from './no-tier.js';
import { ProcessTier } from './process-tier.js';
import { RedisTier } from './redis-tier.js';
import type { SharedTier } from './shared-tier.js';
import { Stamps } from './stamps.js';
import { ViewKeeper } from './view-keeper.js';

export interface CacheSettings extends Pick<LoadParts, 'ttlMs' | 'unknownTtlMs'> {
  readonly enabled: boolean;
  /** Undefined: the cache is this process's own memory, in use while no other instance lives. */
  readonly redisUrl: string | undefined;
  readonly memoryBytes: number;
}

export interface CacheOptions {
  readonly settings: CacheSettings;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly metrics?: CacheMetrics | undefined;
  readonly failpoints?: Failpoints;
}

/** A process that dies here has committed what it never announced. */
const BEFORE_ANNOUNCEMENT = 'cache.announce';

/** What the program needs of the cache: reads through it, and a word of each commit before it is acknowledged. */
export interface ReadCache {
  /** For one request, or one part of it: see CacheSession. */
  session(): CacheSession;
  /**
   * To be called after a commit and before its reply, with the stamps of all that it may have changed: once this returns, nobody reads what was
   * before it. Rejects where that cannot be brought about; then the write must not be acknowledged.
   */
  announce(stamps: Iterable<string>): Promise<void>;
  /** To be called before a write is begun. Rejects where it could not be announced. */
  ready(): Promise<void>;
}

/** For commands that only add what nobody can have read yet. */
export const NO_CACHE: ReadCache = { session: () => UNCACHED, announce: () => Promise.resolve(), ready: () => Promise.resolve() };

/** The cache of this process; see "The cache" in ARCHITECTURE.md. */
export class Cache implements ReadCache {
  private readonly shared: SharedTier;
  private readonly views: ViewKeeper;
  private readonly parts: SessionParts;
  private readonly failpoints: Failpoints;

  constructor({ settings, databaseUrl, log, metrics = NO_METRICS, failpoints = {} }: CacheOptions) {
    this.failpoints = failpoints;
    const memberId = randomUUID();
    this.shared = sharedTier(settings, { memberId, log, metrics });
    const memberName = `${hostname()}:${String(process.pid)}`;
    this.views = new ViewKeeper({ databaseUrl, memberId, memberName, shared: this.shared, log });
    const { ttlMs, unknownTtlMs } = settings;
    const { shared, views } = this;
    const near = new NearTier(settings.memoryBytes);
    const loads = new Loads({ shared, near, metrics, ttlMs, unknownTtlMs });
    this.parts = { views, shared, near, loads, stamps: new Stamps(shared), metrics, ttlMs };
    metrics.watch({
      trusted: () => this.views.trusted() !== undefined,
      epoch: () => this.views.epoch,
      linked: () => this.shared.link !== undefined,
    });
  }

  /** Joins the other instances. Writes wait for it; reads ask the database until then. */
  start(): Promise<void> {
    return this.views.start();
  }

  /** Leaves them. To be called once the last request was answered. */
  async close(): Promise<void> {
    await this.views.stop();
    await this.shared.close();
  }

  session(): CacheSession {
    return new CachingSession(this.parts);
  }

  ready(): Promise<void> {
    return this.views.ready();
  }

  async announce(stamps: Iterable<string>): Promise<void> {
    const names = [...new Set(stamps)];
    if (names.length === 0) return;
    passFailpoint(this.failpoints, BEFORE_ANNOUNCEMENT);
    await this.views.acknowledge(({ token }) => this.parts.stamps.renew(token, names));
  }
}

function sharedTier(
  { enabled, redisUrl }: CacheSettings,
  { memberId, log, metrics }: { memberId: string; log: Logger; metrics: CacheMetrics },
): SharedTier {
  if (!enabled) return NO_TIER;
  if (redisUrl === undefined) return new ProcessTier(memberId);
  return new RedisTier({
    url: redisUrl,
    memberId,
    log,
    onRoundTrip: () => {
      metrics.roundTrip();
    },
  });
}
