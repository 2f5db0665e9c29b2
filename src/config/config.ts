import { z } from 'zod';
import type { Env } from './env.js';

const MAX_PORT = 65_535;
/** One connection holds the migration lock while another migrates, so one alone would wait for itself. */
const MIN_POOL = 2;
const MAX_POOL = 1_000;
const MIN_BODY_BYTES = 1_024;
const MAX_BODY_BYTES = 64 * 1_024 * 1_024;
/** A stockPost of 500 full acts has some 200 kB. */
const DEFAULT_BODY_BYTES = 1_048_576;
const MAX_TIME_LIMIT_MS = 600_000;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export interface Config {
  readonly env: 'development' | 'production' | 'test';
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly bodyLimitBytes: number;
    /** How long a request may take to arrive, from its first byte to its last. */
    readonly requestTimeoutMs: number;
  };
  readonly database: {
    /** Undefined: an embedded PostgreSQL is started in `dataDir`. */
    readonly url: string | undefined;
    readonly poolMax: number;
    /** How long a start waits for a server that does not answer yet. */
    readonly waitMs: number;
    readonly migrateOnStart: boolean;
  };
  /** Where the embedded PostgreSQL, the demo keys and the folder's lock stand; relative to the working folder. */
  readonly dataDir: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** How long a stop waits for requests in flight. */
  readonly shutdownTimeoutMs: number;
}

/** Each line names one setting and says what to write. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

function wholeNumber(min: number, max: number, fallback: number) {
  const hint = `write a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, hint)
    .transform(Number)
    .refine((value) => value >= min && value <= max, hint)
    .default(fallback);
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `write one of ${values.join(', ')}`);
}

function isDatabaseUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
}

/** Settings hold no secret by default: DATABASE_URL carries one and has no default. */
const settings = z.object({
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
});

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
      requestTimeoutMs: value.REQUEST_TIMEOUT_MS,
    },
    database: {
      url: value.DATABASE_URL,
      poolMax: value.DATABASE_POOL_MAX,
      waitMs: value.DATABASE_WAIT_MS,
      migrateOnStart: migrates(value),
    },
    dataDir: value.DATA_DIR,
    logLevel: value.LOG_LEVEL,
    shutdownTimeoutMs: value.SHUTDOWN_TIMEOUT_MS,
  };
}

/** A database of our own and one in development are brought up to date by a start; one in production only when asked. */
function migrates(value: z.output<typeof settings>): boolean {
  if (value.MIGRATE_ON_START !== undefined) return value.MIGRATE_ON_START === 'true';
  return value.DATABASE_URL === undefined || value.NODE_ENV !== 'production';
}
