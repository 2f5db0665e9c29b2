import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Cache } from '../../../src/platform/cache/cache.js';
import { KEY_TAG } from '../../../src/platform/cache/redis-address.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { fixedPort } from '../../support/fixed-port.js';
import { requireOrSkip } from '../../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../../support/redis-server.js';
import { closeCachesAfterEach, expectNoUnhandledRejection, leave, startCache, Truth, untilInUse } from './cache-fixture.js';

/** Has to be encoded in a URL. */
const PASSWORD = 'p@ss/word:%';
/** All that the cache asks of Redis. */
const NEEDED = ['+mget', '+set', '+multi', '+exec', '+info'];

requireOrSkip(
  'who may use Redis',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  let database: TestDatabase;
  let redis: RedisServer;
  let truth: Truth;

  beforeAll(async () => {
    database = await createTestDatabase();
    truth = new Truth();
    truth.rows.set('a/1', 'value');
  });
  afterAll(() => database.drop());
  afterEach(() => redis.kill());
  closeCachesAfterEach();
  expectNoUnhandledRejection();

  const at = (redisUrl: string): Promise<Cache> => startCache({ databaseUrl: database.url, redisUrl });

  /** It caches in Redis: what one has loaded is there for another. */
  async function isShared(redisUrl: string, access: readonly string[] = []): Promise<void> {
    const caches = [await at(redisUrl), await at(redisUrl)];
    await Promise.all(caches.map(untilInUse));
    for (const cache of caches) {
      await cache.announce(['a']);
      expect(await truth.untilCached(cache, 'a/1')).toBe('value');
    }
    expect(await redis.ask(...access, 'KEYS', `{${KEY_TAG}}*items.1/a/1`)).toContain('items.1/a/1');
  }

  /** It is not let in; all goes on without it. */
  async function isNotUsed(redisUrl: string): Promise<void> {
    const cache = await at(redisUrl);
    await cache.announce(['a']);
    expect(cache.session().isCaching('items')).toBe(false);
    expect(await truth.isLoadedFor(cache, 'a/1')).toBe(true);
    await leave(cache);
  }

  describe('an account', () => {
    const urlOf = (access: string): string => redis.url.replace('://', `://${access}@`);

    test('with a password, and with no more rights than are needed', async () => {
      redis = await startRedis();
      await redis.ask('ACL', 'SETUSER', 'stock', 'on', `>${PASSWORD}`, `~{${KEY_TAG}}*`, ...NEEDED);
      await isShared(urlOf(`stock:${encodeURIComponent(PASSWORD)}`));
    });

    test('with another password is not let in', async () => {
      redis = await startRedis();
      await redis.ask('ACL', 'SETUSER', 'stock', 'on', `>${PASSWORD}`, '~*', '+@all');
      await isNotUsed(urlOf('stock:another'));
    });

    test.each(NEEDED)('that lacks %s is not used', async (command) => {
      redis = await startRedis();
      const rights = NEEDED.filter((needed) => needed !== command);
      await redis.ask('ACL', 'SETUSER', 'stock', 'on', `>${PASSWORD}`, `~{${KEY_TAG}}*`, ...rights);
      await isNotUsed(urlOf(`stock:${encodeURIComponent(PASSWORD)}`));
    });

    test('a password without a user is that of the default one', async () => {
      redis = await startRedis();
      await redis.ask('CONFIG', 'SET', 'requirepass', 'secret');
      await isNotUsed(redis.url);
      await isNotUsed(urlOf(':other'));
      await isShared(urlOf(':secret'), ['-a', 'secret', '--no-auth-warning']);
    });
  });

  describe('a server that encrypts', () => {
    let certificate: string;
    let key: string;
    const usual = getCACertificates('default');

    beforeAll(() => {
      const dir = join(inject('scratchDir'), `certificate-${randomUUID()}`);
      mkdirSync(dir);
      [certificate, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
      const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
      const names = ['-subj', '/CN=redis of a test', '-addext', 'subjectAltName=IP:127.0.0.1'];
      execFileSync('openssl', [...words, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    });
    afterEach(() => {
      setDefaultCACertificates(usual);
    });

    async function startEncrypted(): Promise<string> {
      const port = String(fixedPort());
      const files = { 'tls-cert-file': certificate, 'tls-key-file': key, 'tls-ca-cert-file': certificate };
      // The port without is for the test's own questions.
      redis = await startRedis({ settings: { ...files, 'tls-port': port, 'tls-auth-clients': 'no' } });
      return `rediss://127.0.0.1:${port}`;
    }

    test('is used where its certificate is vouched for', async () => {
      const url = await startEncrypted();
      setDefaultCACertificates([...usual, readFileSync(certificate, 'utf8')]);
      await isShared(url);
    });

    test('is not used where nobody vouches for it, nor without encryption', async () => {
      const url = await startEncrypted();
      await isNotUsed(url);
      await isNotUsed(url.replace('rediss', 'redis'));
    });
  });
});
