import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findRedis, KEY_TAG } from '../../../src/platform/cache/redis-address.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { requireOrSkip } from '../../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../../support/redis-server.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { closeCachesAfterEach, expectNoUnhandledRejection, PATIENCE, startCache, Truth, untilInUse } from './cache-fixture.js';
import { MASTER_NAME, RedisSentinel } from './redis-sentinel.js';

const FIND_TIMEOUT_MS = 1000;
const LAST_SLOT = 16_383;
const HALF = 8192;
/** A failover takes seconds. */
const LONG_TEST_MS = 90_000;

requireOrSkip(
  'Redis behind others',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  let database: TestDatabase;
  let truth: Truth;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    truth = new Truth();
    truth.rows.set('a/1', 'old');
  });
  closeCachesAfterEach();
  expectNoUnhandledRejection();

  /** The port of the server that the cache would connect to. */
  async function found(url: string): Promise<number | undefined> {
    const { socket } = await findRedis(url, FIND_TIMEOUT_MS);
    return socket && 'port' in socket ? socket.port : undefined;
  }

  /** Two caches that have cached something, each at the others' disposal. */
  async function twoAt(redisUrl: string) {
    const writer = await startCache({ databaseUrl: database.url, redisUrl });
    const reader = await startCache({ databaseUrl: database.url, redisUrl });
    await Promise.all([writer, reader].map(untilInUse));
    for (const cache of [writer, reader]) await truth.untilCached(cache, 'a/1');
    return {
      /** What is written is seen at once, and soon cached again. */
      write: async (value: string): Promise<void> => {
        truth.rows.set('a/1', value);
        await writer.announce(['a']);
        for (const cache of [writer, reader]) expect(await truth.read(cache, 'a/1')).toBe(value);
        await Promise.all([writer, reader].map(untilInUse));
        for (const cache of [writer, reader]) expect(await truth.untilCached(cache, 'a/1')).toBe(value);
      },
    };
  }

  async function isWrittenTo(server: RedisServer): Promise<boolean> {
    return (await server.ask('KEYS', `{${KEY_TAG}}*items.1/a/1`)) !== '';
  }

  describe('sentinels', () => {
    let servers: [RedisServer, RedisServer];
    let sentinel: RedisSentinel;

    beforeEach(async () => {
      servers = await Promise.all([startRedis(), startRedis()]);
      const [master, replica] = servers;
      await replica.ask('REPLICAOF', '127.0.0.1', String(master.port));
      await expect.poll(() => replica.ask('INFO', 'replication'), PATIENCE).toContain('master_link_status:up');
      sentinel = await RedisSentinel.start(master.port, 1);
    });
    afterEach(async () => {
      await sentinel.kill();
      await Promise.all(servers.map((server) => server.kill()));
    });

    const urlOf = (...ports: number[]): string =>
      `redis+sentinel://${ports.map((port) => `127.0.0.1:${String(port)}`).join()}/${MASTER_NAME}`;

    test('name the master, and the new one after a failover: a cache follows', { timeout: LONG_TEST_MS }, async () => {
      const [master, replica] = servers;
      expect(await found(urlOf(sentinel.port))).toBe(master.port);
      const both = await twoAt(urlOf(sentinel.port));
      await both.write('before');
      await sentinel.failOver();
      expect(await found(urlOf(sentinel.port))).toBe(replica.port);
      await both.write('after');
      await expect.poll(() => isWrittenTo(replica), PATIENCE).toBe(true);
      // Its copy has what the new one has, and nobody reads or writes it any more.
      await expect.poll(() => master.ask('INFO', 'replication'), PATIENCE).toContain('role:slave');
      await both.write('later');
    });

    test('one that is down and one that hangs are passed over', async () => {
      const [master, replica] = servers;
      const hanging = await TcpProxy.open(sentinel.port);
      hanging.blackhole();
      await replica.kill();
      expect(await found(urlOf(replica.port, hanging.port, sentinel.port))).toBe(master.port);
      await hanging.close();
    });

    test('that know nothing of the name know nothing', async () => {
      await expect(findRedis(urlOf(sentinel.port).replace(MASTER_NAME, 'another'), FIND_TIMEOUT_MS)).rejects.toThrow('None of');
    });
  });

  describe('a cluster', () => {
    let nodes: RedisServer[] = [];
    afterEach(async () => {
      await Promise.all(nodes.map((node) => node.kill()));
    });

    const urlOf = ({ port }: RedisServer): string => `redis+cluster://127.0.0.1:${String(port)}`;
    const start = (): Promise<RedisServer> =>
      startRedis({ settings: { 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf' } });
    const untilReady = (node: RedisServer): Promise<void> =>
      expect.poll(() => node.ask('CLUSTER', 'INFO'), PATIENCE).toContain('cluster_state:ok');

    test('of one server is that server, which may not know its own address', async () => {
      const node = await start();
      nodes = [node];
      await expect(found(urlOf(node))).rejects.toThrow('None of');
      await node.ask('CLUSTER', 'ADDSLOTSRANGE', '0', String(LAST_SLOT));
      await untilReady(node);
      expect(await found(urlOf(node))).toBe(node.port);
      const both = await twoAt(urlOf(node));
      await both.write('new');
      expect(await isWrittenTo(node)).toBe(true);
    });

    test('that does not say the address means the one that was asked', async () => {
      const node = await start();
      nodes = [node];
      await node.ask('CLUSTER', 'ADDSLOTSRANGE', '0', String(LAST_SLOT));
      await untilReady(node);
      for (const said of ['ip', 'hostname', 'unknown-endpoint']) {
        await node.ask('CONFIG', 'SET', 'cluster-preferred-endpoint-type', said);
        expect((await findRedis(urlOf(node), FIND_TIMEOUT_MS)).socket).toMatchObject({ host: '127.0.0.1', port: node.port });
      }
    });

    test('of several is the one that has the slot, whichever is asked, and another once it was moved', async () => {
      const [low, high] = await Promise.all([start(), start()]);
      nodes = [low, high];
      await low.ask('CLUSTER', 'ADDSLOTSRANGE', '0', String(HALF - 1));
      await high.ask('CLUSTER', 'ADDSLOTSRANGE', String(HALF), String(LAST_SLOT));
      await low.ask('CLUSTER', 'MEET', '127.0.0.1', String(high.port));
      await Promise.all(nodes.map(untilReady));
      const slot = await low.ask('CLUSTER', 'KEYSLOT', KEY_TAG);
      const [owner, other] = Number(slot) < HALF ? [low, high] : [high, low];
      expect([await found(urlOf(low)), await found(urlOf(high))]).toEqual([owner.port, owner.port]);
      const both = await twoAt(urlOf(other));
      await both.write('before');
      const newOwner = await other.ask('CLUSTER', 'MYID');
      await other.ask('CLUSTER', 'SETSLOT', slot, 'NODE', newOwner);
      // One that is written to until it has given the slot away.
      const giveAway = async () => {
        await owner.ask('FLUSHALL');
        return owner.ask('CLUSTER', 'SETSLOT', slot, 'NODE', newOwner);
      };
      await expect.poll(giveAway, PATIENCE).toBe('OK');
      await both.write('after');
      await expect.poll(() => isWrittenTo(other), PATIENCE).toBe(true);
      expect(await found(urlOf(owner))).toBe(other.port);
    });
  });
});
