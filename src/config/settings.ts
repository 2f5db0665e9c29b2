import { z } from 'zod';
import { parseRedisUrl } from '../platform/cache/redis-url.js';
import { arrivalSettings } from './arrival-settings.js';
import { filesSettings, needsWholeS3 } from './files-settings.js';
import { imageFaults, imageSettings } from './image-settings.js';
import { outboundSettings } from './outbound-settings.js';
import { limitSettings } from './limit-settings.js';
import { needsTemplate, productLookupSettings } from './product-lookup-settings.js';
import { notificationFaults, notificationSettings } from './notification-settings.js';
import { retentionSettings } from './retention-settings.js';
import { peopleSettings } from './people-settings.js';
import { needsWholeOidc, oidcSettings } from './oidc-settings.js';
import { oneOf, wholeNumber } from './setting-rules.js';
import { webhookSettings } from './webhook-settings.js';

const MAX_PORT = 65_535;
/** One connection holds the migration lock while another migrates, so one alone would wait for itself. */
const MIN_POOL = 2;
const MAX_POOL = 1_000;
const MIN_BODY_BYTES = 1_024;
const MAX_BODY_BYTES = 64 * 1_024 * 1_024;
/** A stockPost of 500 full acts has some 200 kB. */
const DEFAULT_BODY_BYTES = 1_048_576;
const MAX_TIME_LIMIT_MS = 600_000;
const MAX_CACHE_MEMORY_MB = 65_536;
const MAX_CACHE_TTL_S = 86_400;
const MAX_FAILPOINTS = 32;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const REDIS_URL_HINT =
  'write redis://user:password@host:6379/0, redis+sentinel://user:password@host:26379,host2:26379/master-name' +
  ' or redis+cluster://user:password@host:7000,host2:7001, or the same with rediss for TLS';

/** How long a cache remembers; 0 means not at all. */
function cacheSeconds(fallback: number) {
  return wholeNumber(0, MAX_CACHE_TTL_S, fallback);
}

function isDatabaseUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
}

const FAILPOINT = /^(?<name>[a-z][a-z\d.-]*)=(?<probability>0|1|0?\.\d{1,9}|1\.0{1,9})$/;

/** Probabilities by name; undefined where the text is no list of name=probability, or names one twice. */
function readFailpoints(text: string): Readonly<Record<string, number>> | undefined {
  const found = text.split(',').map((part) => FAILPOINT.exec(part)?.groups);
  const byName = new Map(found.map((groups) => [groups?.name ?? '', Number(groups?.probability)]));
  const isList = found.length <= MAX_FAILPOINTS && byName.size === found.length && !byName.has('');
  return isList ? Object.fromEntries(byName) : undefined;
}

/** Settings hold no secret by default: DATABASE_URL, REDIS_URL and METRICS_TOKEN carry one and have no default. */
export const settings = z
  .object({
    NODE_ENV: oneOf(['development', 'production', 'test']).default('development'),
    HOST: z.string().regex(/^\S+$/, 'write an address to listen on, such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
    PORT: wholeNumber(0, MAX_PORT, 4000),
    BODY_LIMIT_BYTES: wholeNumber(MIN_BODY_BYTES, MAX_BODY_BYTES, DEFAULT_BODY_BYTES),
    REQUEST_TIMEOUT_MS: wholeNumber(1, MAX_TIME_LIMIT_MS, 30_000),
    SHUTDOWN_TIMEOUT_MS: wholeNumber(1, MAX_TIME_LIMIT_MS, 10_000),
    DATABASE_URL: z.string().refine(isDatabaseUrl, 'write postgres://user:password@host:5432/database').optional(),
    DATABASE_POOL_MAX: wholeNumber(MIN_POOL, MAX_POOL, 20),
    DATABASE_WAIT_MS: wholeNumber(0, MAX_TIME_LIMIT_MS, 5_000),
    MIGRATE_ON_START: oneOf(['true', 'false']).optional(),
    DATA_DIR: z.string().default('.data'),
    LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
    REDIS_URL: z
      .string()
      .refine((text) => parseRedisUrl(text) !== undefined, REDIS_URL_HINT)
      .optional(),
    CACHE: oneOf(['on', 'off']).default('on'),
    CACHE_MEMORY_MB: wholeNumber(1, MAX_CACHE_MEMORY_MB, 64),
    CACHE_TTL_KEYS_S: cacheSeconds(300),
    CACHE_TTL_LOCATIONS_S: cacheSeconds(300),
    CACHE_TTL_CATEGORIES_S: cacheSeconds(300),
    CACHE_TTL_ITEMS_S: cacheSeconds(300),
    CACHE_TTL_SKUS_S: cacheSeconds(300),
    CACHE_TTL_BARCODES_S: cacheSeconds(300),
    CACHE_TTL_LEVELS_S: cacheSeconds(60),
    CACHE_TTL_UNKNOWN_S: cacheSeconds(30),
    OUTBOX: oneOf(['on', 'off']).default('on'),
    ...arrivalSettings,
    ...limitSettings,
    ...retentionSettings,
    ...peopleSettings,
    ...oidcSettings,
    ...outboundSettings,
    ...imageSettings,
    ...productLookupSettings,
    ...notificationSettings,
    METRICS_TOKEN: z
      .string()
      .regex(/^[!-~]{16,512}$/, 'write 16 to 512 letters, digits and signs, without spaces')
      .optional(),
    ...webhookSettings,
    ...filesSettings,
    FAILPOINTS: z
      .string()
      .transform((text, refusals) => {
        const failpoints = readFailpoints(text);
        if (failpoints === undefined)
          refusals.addIssue('write name=probability[,name=probability], with probabilities from 0 to 1');
        return failpoints ?? {};
      })
      .optional(),
  })
  .refine(({ NODE_ENV, FAILPOINTS }) => NODE_ENV !== 'production' || FAILPOINTS === undefined, {
    path: ['FAILPOINTS'],
    message: 'it is for checks only, leave it out where NODE_ENV is production',
    // Also beside other bad settings, so that one start names them all.
    when: () => true,
  })
  .superRefine((value, refusals) => {
    for (const { path, message } of [...notificationFaults(value), ...imageFaults(value)])
      refusals.addIssue({ code: 'custom', path, message });
  })
  .superRefine(needsTemplate, { when: () => true })
  .superRefine(needsWholeOidc, { when: () => true })
  .superRefine(needsWholeS3, { when: () => true });

export type Settings = z.output<typeof settings>;
