import type { RegionName } from '../platform/cache/region.js';
import type { Env } from './env.js';
import { ConfigError } from './config-error.js';
import { arrivalConfig, type ArrivalConfig } from './arrival-settings.js';
import { filesConfig, type FilesConfig } from './files-settings.js';
import { imagesOf, type ImageConfig } from './image-settings.js';
import { limitConfig, type LimitConfig } from './limit-settings.js';
import { outboundConfig, type OutboundConfig } from './outbound-settings.js';
import { productLookupConfig, type ProductLookupConfig } from './product-lookup-settings.js';
import { notificationsOf, type NotificationConfig } from './notification-settings.js';
import { oidcConfig, type OidcConfig } from './oidc-settings.js';
import { peopleConfig, type PeopleConfig } from './people-settings.js';
import { retentionConfig, type RetentionConfig } from './retention-settings.js';
import { settings, type Settings } from './settings.js';
import { webhookConfig, type WebhookConfig } from './webhook-settings.js';

const BYTES_PER_MB = 1_024 * 1_024;
const MS_PER_S = 1_000;

export { ConfigError };

export interface Config {
  readonly env: Settings['NODE_ENV'];
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly bodyLimitBytes: number;
    /** What a photo of a code may have, at the scan endpoint. */
    readonly imageLimitBytes: number;
    /** How long a request may take to arrive, from its first byte to its last. */
    readonly requestTimeoutMs: number;
    /** Whose word on a client's address is believed. */
    readonly trustedProxies: readonly string[];
  };
  readonly database: {
    /** Undefined: an embedded PostgreSQL is started in `dataDir`. */
    readonly url: string | undefined;
    readonly poolMax: number;
    /** How long a start waits for a server that does not answer yet. */
    readonly waitMs: number;
    readonly migrateOnStart: boolean;
  };
  readonly cache: {
    readonly enabled: boolean;
    /** Of a form that `parseRedisUrl` reads. Undefined: what is cached stays in this process. */
    readonly redisUrl: string | undefined;
    /** What the cache may hold in this process, all regions together. */
    readonly memoryBytes: number;
    /** How long a value is kept; 0: the region is not cached. */
    readonly ttlMs: Readonly<Record<RegionName, number>>;
    /** How long "there is none" is kept; 0: not at all. */
    readonly unknownTtlMs: number;
  };
  readonly metrics: {
    /** What a reader of the metrics sends. Undefined: nobody reads them. */
    readonly token: string | undefined;
  };
  /** Who is reached how; see notification-settings.ts. */
  readonly notifications: NotificationConfig;
  readonly outbox: {
    /** Whether this instance does what is left to be done; each one writes it down. */
    readonly works: boolean;
  };
  /** How much may be asked for; see limit-settings.ts. */
  readonly limits: LimitConfig;
  /** From where requests may come; see arrival-settings.ts. */
  readonly arrival: ArrivalConfig;
  readonly outbound: OutboundConfig;
  readonly productLookup: ProductLookupConfig;
  readonly images: ImageConfig;
  readonly files: FilesConfig;
  readonly webhooks: WebhookConfig;
  readonly retention: RetentionConfig;
  readonly people: PeopleConfig;
  /** Whose tokens are believed besides our own sessions; undefined: nobody's. */
  readonly oidc: OidcConfig | undefined;
  /** Faults to be made, by the names of their places and with their probabilities from 0 to 1; none in production. */
  readonly failpoints: Readonly<Record<string, number>>;
  /** Where the embedded PostgreSQL, the demo keys and the folder's lock stand; relative to the working folder. */
  readonly dataDir: string;
  readonly logLevel: Settings['LOG_LEVEL'];
  /** How long a stop waits for requests in flight. */
  readonly shutdownTimeoutMs: number;
}

/**
 * Settings out of an environment; an empty value counts as not set. Pure.
 * Refuses with a ConfigError that has one line for each bad setting and never repeats what was set, which may be a secret.
 */
export function loadConfig(env: Env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} is not valid: ${issue.message}`));
  }
  const value = parsed.data;
  return {
    env: value.NODE_ENV,
    http: {
      host: value.HOST,
      port: value.PORT,
      bodyLimitBytes: value.BODY_LIMIT_BYTES,
      imageLimitBytes: value.IMAGE_LIMIT_BYTES,
      requestTimeoutMs: value.REQUEST_TIMEOUT_MS,
      trustedProxies: value.TRUSTED_PROXIES ?? [],
    },
    database: {
      url: value.DATABASE_URL,
      poolMax: value.DATABASE_POOL_MAX,
      waitMs: value.DATABASE_WAIT_MS,
      migrateOnStart: migrates(value),
    },
    cache: cacheOf(value),
    metrics: { token: value.METRICS_TOKEN },
    notifications: notificationsOf(value),
    outbox: { works: value.OUTBOX === 'on' },
    limits: limitConfig(value, value.NODE_ENV === 'production'),
    arrival: arrivalConfig(value, { host: value.HOST, isProduction: value.NODE_ENV === 'production' }),
    outbound: outboundConfig(value),
    productLookup: productLookupConfig(value),
    images: imagesOf(value),
    files: filesConfig(value),
    webhooks: webhookConfig(value),
    retention: retentionConfig(value),
    people: peopleConfig(value),
    oidc: oidcConfig(value),
    failpoints: value.FAILPOINTS ?? {},
    dataDir: value.DATA_DIR,
    logLevel: value.LOG_LEVEL,
    shutdownTimeoutMs: value.SHUTDOWN_TIMEOUT_MS,
  };
}

/** A database of our own and one in development are brought up to date by a start; one in production only when asked. */
function migrates(value: Settings): boolean {
  if (value.MIGRATE_ON_START !== undefined) return value.MIGRATE_ON_START === 'true';
  return value.DATABASE_URL === undefined || value.NODE_ENV !== 'production';
}

function cacheOf(value: Settings): Config['cache'] {
  return {
    enabled: value.CACHE === 'on',
    redisUrl: value.REDIS_URL,
    memoryBytes: value.CACHE_MEMORY_MB * BYTES_PER_MB,
    ttlMs: {
      keys: value.CACHE_TTL_KEYS_S * MS_PER_S,
      locations: value.CACHE_TTL_LOCATIONS_S * MS_PER_S,
      categories: value.CACHE_TTL_CATEGORIES_S * MS_PER_S,
      items: value.CACHE_TTL_ITEMS_S * MS_PER_S,
      skus: value.CACHE_TTL_SKUS_S * MS_PER_S,
      barcodes: value.CACHE_TTL_BARCODES_S * MS_PER_S,
      levels: value.CACHE_TTL_LEVELS_S * MS_PER_S,
    },
    unknownTtlMs: value.CACHE_TTL_UNKNOWN_S * MS_PER_S,
  };
}
