import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';

function lines(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

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
    ['DATABASE_URL', 'mysql://me:secret@h/db', 'DATABASE_URL is not valid: write postgres://user:password@host:5432/database'],
    ['DATABASE_URL', 'postgres://me:secret@h', 'DATABASE_URL is not valid: write postgres://user:password@host:5432/database'],
    ['DATABASE_URL', 'secret', 'DATABASE_URL is not valid: write postgres://user:password@host:5432/database'],
  ])('%s=%s is refused with one line that does not repeat it', (name, value, line) => {
    expect(lines({ [name]: value })).toEqual([line]);
  });

  test('each bad setting has its line', () => {
    expect(lines({ PORT: 'x', LOG_LEVEL: 'x', REQUEST_TIMEOUT_MS: '0' }).map((line) => line.split(' ')[0])).toEqual([
      'PORT',
      'REQUEST_TIMEOUT_MS',
      'LOG_LEVEL',
    ]);
  });
});
