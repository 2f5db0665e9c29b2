import { afterEach, expect, test } from 'vitest';
import { requireOrSkip } from '../support/optional.js';
import { redisAvailable, startRedis, type RedisServer } from '../support/redis-server.js';
import { isAlive } from '../support/server-process.js';

const SOON_MS = 300;

let redis: RedisServer | undefined;
afterEach(() => redis?.kill());

async function started(): Promise<RedisServer> {
  redis = await startRedis();
  return redis;
}

requireOrSkip(
  'a Redis of the tests',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  test('forgets when it is killed', async () => {
    const server = await started();
    await server.ask('SET', 'a', '1');
    const before = server.pid;
    await server.restart();
    expect(isAlive(before)).toBe(false);
    expect(await server.ask('GET', 'a')).toBe('');
  });

  test('comes back with an old snapshot', async () => {
    const server = await started();
    await server.ask('SET', 'a', 'old');
    await server.snapshot();
    await server.ask('SET', 'a', 'new');
    await server.kill();
    await server.restart();
    expect(await server.ask('GET', 'a')).toBe('old');
  });

  test('answers nobody while it is frozen, and late when it thaws', async () => {
    const server = await started();
    server.freeze();
    const answer = server.ask('PING');
    const patience = new Promise((resolve) => setTimeout(resolve, SOON_MS, 'nothing yet'));
    expect(await Promise.race([answer, patience])).toBe('nothing yet');
    server.thaw();
    expect(await answer).toBe('PONG');
  });

  test('ends while it is frozen', async () => {
    const server = await started();
    const { pid } = server;
    server.freeze();
    await server.kill();
    expect(isAlive(pid)).toBe(false);
    expect(server.pid).toBeUndefined();
  });

  test('two run beside each other', async () => {
    const [one, other] = await Promise.all([started(), startRedis()]);
    await one.ask('SET', 'a', '1');
    expect(await other.ask('GET', 'a')).toBe('');
    await other.stop();
  });
});
