import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { REGION_NAMES } from '../../src/platform/cache/region.js';

function lines(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

const REDIS_HINT =
  'write redis://user:password@host:6379/0, redis+sentinel://user:password@host:26379,host2:26379/master-name or redis+cluster://user:password@host:7000,host2:7001, or the same with rediss for TLS';
const TOKEN_HINT = 'write 16 to 512 letters, digits and signs, without spaces';

describe('settings', () => {
  test('none set: an embedded database on this machine alone', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      env: 'development',
      http: { host: '127.0.0.1', port: 4000 },
      dataDir: '.data',
      logLevel: 'info',
    });
    expect(config.database).toMatchObject({ url: undefined, migrateOnStart: true });
  });

  test('an empty value counts as not set, as compose files write it', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', MIGRATE_ON_START: '' })).toEqual(loadConfig({}));
  });

  test('images never take all threads of the pool', () => {
    expect(loadConfig({}).images.threads).toBe(2);
    expect(loadConfig({ UV_THREADPOOL_SIZE: '8', IMAGE_THREADS: '6' }).images.threads).toBe(6);
    expect(lines({ UV_THREADPOOL_SIZE: '8', IMAGE_THREADS: '7' })).toHaveLength(1);
  });

  test('variables that are not ours are let be', () => {
    expect(loadConfig({ PATH: '/bin', HOME: '/' })).toEqual(loadConfig({}));
  });

  test.each([
    ['development', undefined, true],
    ['production', undefined, false],
    ['production', 'true', true],
    ['development', 'false', false],
  ])('a database of the operator in %s with MIGRATE_ON_START %s: migrated %s', (env, migrate, expected) => {
    const config = loadConfig({ DATABASE_URL: 'postgres://a:b@c/d', NODE_ENV: env, MIGRATE_ON_START: migrate });
    expect(config.database.migrateOnStart).toBe(expected);
  });

  test('an embedded database is migrated in production too', () => {
    expect(loadConfig({ NODE_ENV: 'production' }).database.migrateOnStart).toBe(true);
  });

  test.each([
    ['PORT', '70000', 'PORT is not valid: write a whole number from 0 to 65535'],
    ['PORT', '-1', 'PORT is not valid: write a whole number from 0 to 65535'],
    ['PORT', '80.5', 'PORT is not valid: write a whole number from 0 to 65535'],
    ['HOST', 'my host', 'HOST is not valid: write an address to listen on, such as 127.0.0.1 or 0.0.0.0'],
    ['NODE_ENV', 'prod', 'NODE_ENV is not valid: write one of development, production, test'],
    ['MIGRATE_ON_START', 'yes', 'MIGRATE_ON_START is not valid: write one of true, false'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL is not valid: write one of fatal, error, warn, info, debug, trace, silent'],
    ['DATABASE_POOL_MAX', '1', 'DATABASE_POOL_MAX is not valid: write a whole number from 2 to 1000'],
    ['BODY_LIMIT_BYTES', '1', 'BODY_LIMIT_BYTES is not valid: write a whole number from 1024 to 67108864'],
    ['IMAGE_LIMIT_BYTES', '0', 'IMAGE_LIMIT_BYTES is not valid: write a whole number from 1024 to 67108864'],
    ['IMAGE_THREADS', '0', 'IMAGE_THREADS is not valid: write a whole number from 1 to 64'],
    ['IMAGE_THREADS', '3', 'IMAGE_THREADS is not valid: write at most 2, or set UV_THREADPOOL_SIZE to 5 or more'],
    ['UV_THREADPOOL_SIZE', '2', 'UV_THREADPOOL_SIZE is not valid: write a whole number from 3 to 1024'],
    ['IMAGE_TIMEOUT_MS', '99', 'IMAGE_TIMEOUT_MS is not valid: write a whole number from 100 to 120000'],
    ['DATABASE_URL', 'mysql://me:secret@h/db', 'DATABASE_URL is not valid: write postgres://user:password@host:5432/database'],
    ['DATABASE_URL', 'postgres://me:secret@h', 'DATABASE_URL is not valid: write postgres://user:password@host:5432/database'],
    ['DATABASE_URL', 'secret', 'DATABASE_URL is not valid: write postgres://user:password@host:5432/database'],
    ['REDIS_URL', 'http://me:secret@h', `REDIS_URL is not valid: ${REDIS_HINT}`],
    ['REDIS_URL', 'redis+sentinel://me:secret@h:26379', `REDIS_URL is not valid: ${REDIS_HINT}`],
    ['CACHE', 'true', 'CACHE is not valid: write one of on, off'],
    ['CACHE_MEMORY_MB', '0', 'CACHE_MEMORY_MB is not valid: write a whole number from 1 to 65536'],
    ['CACHE_MEMORY_MB', '65537', 'CACHE_MEMORY_MB is not valid: write a whole number from 1 to 65536'],
    ['CACHE_TTL_UNKNOWN_S', '86401', 'CACHE_TTL_UNKNOWN_S is not valid: write a whole number from 0 to 86400'],
    ['METRICS_TOKEN', '0123456789abcde', `METRICS_TOKEN is not valid: ${TOKEN_HINT}`],
    ['METRICS_TOKEN', 'a secret of two or more words', `METRICS_TOKEN is not valid: ${TOKEN_HINT}`],
  ])('%s=%s is refused with one line that does not repeat it', (name, value, line) => {
    expect(lines({ [name]: value })).toEqual([line]);
  });

  test('none set: a cache in this process, metrics for nobody, no faults', () => {
    const { cache, metrics, failpoints } = loadConfig({});
    const ttlMs = {
      keys: 300_000,
      locations: 300_000,
      categories: 300_000,
      items: 300_000,
      skus: 300_000,
      barcodes: 300_000,
      levels: 60_000,
    };
    expect(cache).toEqual({ enabled: true, redisUrl: undefined, memoryBytes: 67_108_864, ttlMs, unknownTtlMs: 30_000 });
    expect(metrics).toEqual({ token: undefined });
    expect(failpoints).toEqual({});
  });

  test('the cache is set in seconds and mebibytes', () => {
    const url = 'redis://me:secret@cache:6380/2';
    const { cache } = loadConfig({ CACHE: 'off', CACHE_MEMORY_MB: '1', CACHE_TTL_UNKNOWN_S: '0', REDIS_URL: url });
    expect(cache).toMatchObject({ enabled: false, redisUrl: url, memoryBytes: 1_048_576, unknownTtlMs: 0 });
  });

  test.each(REGION_NAMES)('the region %s has a time to live of its own', (region) => {
    const name = `CACHE_TTL_${region.toUpperCase()}_S`;
    const { ttlMs } = loadConfig({}).cache;
    expect(loadConfig({ [name]: '7' }).cache.ttlMs).toEqual({ ...ttlMs, [region]: 7_000 });
    expect(lines({ [name]: '86401' })).toEqual([`${name} is not valid: write a whole number from 0 to 86400`]);
  });

  test('failpoints have a probability each', () => {
    expect(loadConfig({ FAILPOINTS: 'commit.lost=0.25,stamp-late=1,off=0,rare=.001' }).failpoints).toEqual({
      'commit.lost': 0.25,
      'stamp-late': 1,
      off: 0,
      rare: 0.001,
    });
  });

  test.each(['secret', 'secret=', 'secret=2', 'secret=-1', 'secret=1e-3', 'secret=0.5,', 'secret=1,secret=1', '=1', 'Secret=1'])(
    'FAILPOINTS=%s is refused',
    (value) => {
      const line = 'FAILPOINTS is not valid: write name=probability[,name=probability], with probabilities from 0 to 1';
      expect(lines({ FAILPOINTS: value })).toEqual([line]);
    },
  );

  test('failpoints are refused in production, beside whatever else is refused', () => {
    const line = 'FAILPOINTS is not valid: it is for checks only, leave it out where NODE_ENV is production';
    expect(lines({ FAILPOINTS: 'commit.lost=0', NODE_ENV: 'production' })).toEqual([line]);
    expect(lines({ FAILPOINTS: 'commit.lost=0', NODE_ENV: 'production', CACHE: 'yes' })).toEqual([
      'CACHE is not valid: write one of on, off',
      line,
    ]);
    expect(lines({ NODE_ENV: 'production', CACHE: 'yes' })).toEqual(['CACHE is not valid: write one of on, off']);
  });

  test('a token for the metrics', () => {
    expect(loadConfig({ METRICS_TOKEN: '0123456789abcdef' }).metrics.token).toBe('0123456789abcdef');
  });

  test('nothing is looked up unless somebody says so', () => {
    expect(loadConfig({}).productLookup.order).toEqual([]);
    expect(loadConfig({ PRODUCT_LOOKUP: 'off' }).productLookup.order).toEqual([]);
    const { productLookup } = loadConfig({
      PRODUCT_LOOKUP: 'upcitemdb, openfoodfacts',
      OPENFOODFACTS_URL: 'http://127.0.0.1:1/',
    });
    expect(productLookup.order).toEqual(['upcitemdb', 'openfoodfacts']);
    expect(productLookup.openfoodfacts.url).toBe('http://127.0.0.1:1');
  });

  test("a source of one's own says where its answers have what", () => {
    const { template } = loadConfig({
      PRODUCT_LOOKUP: 'template',
      PRODUCT_LOOKUP_URL: 'https://wholesale.example/p/{gtin}?as={ean}',
      PRODUCT_LOOKUP_FIELDS: 'name=data.titles.0,imageUrl=picture',
    }).productLookup;
    expect(template).toMatchObject({
      name: 'wholesale.example',
      fields: { name: ['data', 'titles', '0'], imageUrl: ['picture'] },
    });
    const named = lines({ PRODUCT_LOOKUP: 'template' }).map((line) => line.split(' ')[0]);
    expect(named).toEqual(['PRODUCT_LOOKUP_URL', 'PRODUCT_LOOKUP_FIELDS']);
  });

  test.each([
    ['PRODUCT_LOOKUP', 'google'],
    ['PRODUCT_LOOKUP', 'openfoodfacts,openfoodfacts'],
    ['OPENFOODFACTS_URL', 'ftp://example.com'],
    ['OPENFOODFACTS_URL', 'https://user:secret@example.com'],
    ['UPCITEMDB_KEY', 'with\nline'],
    ['PRODUCT_LOOKUP_URL', 'https://example.com/p/'],
    ['PRODUCT_LOOKUP_FIELDS', 'brand=data'],
    ['PRODUCT_LOOKUP_FIELDS', 'name=a..b'],
    ['PRODUCT_LOOKUP_FIELDS', 'name=a,price=b'],
    ['PRODUCT_LOOKUP_FIELDS', 'name=a,name=b'],
    ['PRODUCT_LOOKUP_AUTHORIZATION', 'Bearer x\r\ny: z'],
    ['OUTBOUND_CONTACT', 'a b'],
    ['OUTBOUND_CONTACT', 'x)'],
  ])('%s=%j is refused, and not repeated', (name, value) => {
    const refused = lines({ [name]: value });
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(new RegExp(`^${name} is not valid: write `));
    expect(refused[0]).not.toContain('secret');
  });

  test('each bad setting has its line', () => {
    expect(lines({ PORT: 'x', LOG_LEVEL: 'x', REQUEST_TIMEOUT_MS: '0' }).map((line) => line.split(' ')[0])).toEqual([
      'PORT',
      'REQUEST_TIMEOUT_MS',
      'LOG_LEVEL',
    ]);
  });
});
