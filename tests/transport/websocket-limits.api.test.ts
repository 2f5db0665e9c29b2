import { describe, expect, test, vi } from 'vitest';
import { createLogger } from '../../src/platform/log.js';
import { Limits } from '../../src/platform/limits/limits.js';
import { RequestError } from '../../src/kernel/errors.js';
import { permissionsOf } from '../../src/features/access/index.js';
import type { ContextFactory } from '../../src/transport/request-context.js';
import { until } from '../support/live-client.js';
import { init, subscribe, type RawSocket, type RawSocketOptions } from './raw-socket.js';
import { HTTP, KEYS } from './small-shop-server.js';
import { isOpen, settled, socketBench } from './socket-bench.js';

const { sockets, open, connect, listen } = socketBench();

describe('how many', () => {
  test('who does not say in time who he is is shown out', async () => {
    const server = await open({ sockets: { initTimeoutMs: 1_500 } });
    const [silent, known] = [connect(server), await listen(server)];
    await until(() => silent.code !== undefined, 'the end');
    expect([silent.code, known.code]).toEqual([4408, undefined]);
  });

  test('of two that come at once for the last place of an actor one is let in, and when it goes another is', async () => {
    let waiting: (() => void)[] = [];
    // Both are looked up before either is answered.
    const contextFor: ContextFactory = async ({ requestId, log }) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { requestId, log, actor: { actorId: 'one', shopId: 's', role: 'OWNER', permissions: permissionsOf('OWNER') } };
    };
    const server = await open({ contextFor, sockets: { socketsPerActor: 1 } });
    const both = [connect(server), connect(server)];
    for (const socket of both) socket.send(init(KEYS.owner));
    await until(() => waiting.length === 2, 'both');
    for (const go of waiting) go();
    waiting = [];
    await until(() => both.every(settled), 'an answer to each');
    expect(both.map(({ code }) => code).sort()).toEqual([4429, undefined]);
    const [first] = both.filter(isOpen);
    first?.socket.close();
    await until(() => first?.code !== undefined, 'the end');
    // Its place may be free a moment after its client knows.
    await expect
      .poll(async () => {
        const next = connect(server);
        next.send(init(KEYS.owner));
        await until(() => waiting.splice(0).map((go) => (go(), true)).length > 0, 'the next');
        await until(() => settled(next), 'an answer');
        return next.messages[0]?.type;
      })
      .toBe('connection_ack');
  });

  test('a server has so many sockets and no more', async () => {
    const server = await open({ sockets: { sockets: 2 } });
    const two = [await listen(server), await listen(server, KEYS.reader)];
    const third = connect(server);
    await until(() => settled(third), 'an answer');
    expect([third.status, ...two.map(isOpen)]).toEqual([503, true, true]);
  });

  test('strangers of one network hold so many sockets; those who say who they are, and other networks, are not held up', async () => {
    const server = await open({
      http: { ...HTTP, trustedProxies: ['127.0.0.1'] },
      sockets: { strangersPerNetwork: 2, initTimeoutMs: 60_000 },
    });
    const from = (address: string): RawSocketOptions => ({ headers: { 'x-forwarded-for': address } });
    for (const last of ['1', '2']) {
      const stranger = connect(server, from(`2001:db8::${last}`));
      await until(() => isOpen(stranger), 'a socket');
    }
    const known = await listen(server, KEYS.owner, from('192.0.2.1'));
    expect(known.messages[0]?.type).toBe('connection_ack');
    const third = connect(server, from('2001:db8::3'));
    await until(() => settled(third), 'an answer');
    expect(third.status).toBe(429);
    // Who has said who he is makes room.
    const [stranger] = sockets;
    stranger?.send(init(KEYS.reader));
    await until(() => stranger?.messages[0]?.type === 'connection_ack', 'an ack');
    const fourth = connect(server, from('2001:db8::4'));
    await until(() => isOpen(fourth) || settled(fourth), 'a socket');
    expect(isOpen(fourth)).toBe(true);
  });

  test('one that was shown out and does not go counts until it has gone, which is soon', async () => {
    const server = await open({ sockets: { strangersPerNetwork: 1 } });
    const wrong = connect(server);
    await until(() => isOpen(wrong), 'a socket');
    // It does not answer that it was told to go.
    wrong.socket.pause();
    wrong.socket.send(JSON.stringify(init('nobody')));
    const next = connect(server);
    await until(() => settled(next), 'an answer');
    expect(next.status).toBe(429);
    await expect
      .poll(
        async () => {
          const again = connect(server);
          await until(() => isOpen(again) || settled(again), 'an answer');
          return isOpen(again);
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(true);
  });
});

describe('from where', () => {
  test('the client is who the proxies say that are believed, as over HTTP, and nobody else', async () => {
    const seen: (string | undefined)[] = [];
    const contextFor: ContextFactory = ({ address }) => {
      seen.push(address);
      return Promise.reject(new RequestError('UNAUTHENTICATED', 'Nobody.'));
    };
    const headers = { 'x-forwarded-for': '198.51.100.9, 192.0.2.7' };
    for (const trustedProxies of [[], ['127.0.0.1'], ['127.0.0.1', '192.0.2.0/24']]) {
      const server = await open({ contextFor, http: { ...HTTP, trustedProxies } });
      await listen(server, KEYS.owner, { headers });
      await fetch(`${server.url}/graphql?query={hello}`, { headers });
    }
    const expected = ['127.0.0.1', '192.0.2.7', '198.51.100.9'];
    expect(seen).toEqual(expected.flatMap((address) => [address, address]));
  });

  test('the server answers to its own names only', async () => {
    const server = await open({ crossSite: { corsOrigins: [], allowedHosts: ['127.0.0.1', 'stock.example.com'] } });
    const statusOf = async (host: string): Promise<number | undefined> =>
      (await listen(server, KEYS.owner, { headers: { host } })).status;
    expect(await statusOf('stock.example.com:4000')).toBeUndefined();
    expect(await statusOf('evil.example.com')).toBe(421);
  });

  test.each([
    ['a page of the same name over http', { origin: 'http://stock.example.com' }, 403],
    ['a page of the same name and scheme', { origin: 'https://stock.example.com' }, undefined],
    ['the same, where the proxy says wss', { origin: 'https://stock.example.com', 'x-forwarded-proto': 'wss' }, undefined],
    ['a page of another port', { origin: 'https://stock.example.com:8443' }, 403],
    ['a page of the same site', { origin: 'https://stock.example.com', 'sec-fetch-site': 'same-site' }, 403],
    ['a page of no origin', { origin: 'null' }, 403],
    ['a page that is named', { origin: 'https://till.example.com', 'sec-fetch-site': 'cross-site' }, undefined],
  ])('%s', async (_, headers, status) => {
    const server = await open({
      http: { ...HTTP, trustedProxies: ['127.0.0.1'] },
      crossSite: { corsOrigins: ['https://till.example.com'] },
    });
    const socket = await listen(server, KEYS.owner, {
      headers: { host: 'stock.example.com', 'x-forwarded-proto': 'https', ...headers },
    });
    expect(socket.status).toBe(status);
  });
});

describe('what breaks', () => {
  test('is said in the log, and not on the console', async () => {
    const console_ = vi.spyOn(console, 'error');
    const server = await open();
    const socket = await listen(server);
    socket.send('x'.repeat(70_000));
    await until(() => socket.code !== undefined, 'the end');
    expect(socket.code).toBe(1009);
    expect(server.logs()).toContain('"a socket broke"');
    expect(server.logs()).toContain('Max payload size exceeded');
    expect(console_).not.toHaveBeenCalled();
    console_.mockRestore();
  });

  test('in what events come from is masked, and logged', async () => {
    const server = await open();
    const socket = await listen(server);
    socket.send(subscribe('subscription { ticks(times: 1) { name } }'));
    await until(() => socket.messages.length > 2, 'an error');
    const [, tick, error] = socket.messages;
    expect(tick).toMatchObject({ type: 'next', payload: { data: { ticks: { name: 'Tick 1' } } } });
    expect(error).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    expect(JSON.stringify(error)).not.toContain('secret of the database');
    expect(server.logs()).toContain('secret of the database');
  });
});

describe('what is told costs', () => {
  const limits = new Limits({ redisUrl: undefined, log: createLogger({ level: 'silent' }) });
  const guard = (maximum: number, restoreRate: number) => ({ buckets: limits.buckets({ name: 'cost', maximum, restoreRate }) });
  const TICKS = 'subscription { ticks(times: 6) { name category { name } } }';
  const names = ({ messages }: RawSocket): unknown[] =>
    messages.flatMap(({ type, payload }) =>
      type === 'next' ? [(payload as { data: { ticks: { name: string } } }).data.ticks.name] : [],
    );

  test('an event waits until its actor may have it, and none is lost', async () => {
    const server = await open({ guard: guard(4, 10) });
    const socket = await listen(server);
    socket.send(subscribe(TICKS));
    await until(() => socket.messages.some(({ type }) => type === 'error'), 'the end');
    expect(names(socket)).toEqual([1, 2, 3, 4, 5, 6].map((tick) => `Tick ${String(tick)}`));
  });

  test('where it would wait too long the events end, and it is said when to come back', async () => {
    const server = await open({ guard: guard(4, 0.01) });
    const socket = await listen(server);
    socket.send(subscribe(TICKS));
    await until(() => socket.messages.some(({ type }) => type === 'error'), 'the end');
    // 4, less 1 for having asked, less 1 for each tick, since the category is none; the third is not begun with 1 left.
    expect(names(socket)).toEqual(['Tick 1', 'Tick 2']);
    expect(socket.messages.at(-1)).toMatchObject({
      type: 'error',
      payload: [
        {
          message: expect.stringMatching(/try again in \d+ s/) as string,
          extensions: { code: 'TOO_MANY_REQUESTS', retryAfterMs: expect.any(Number) as number, cost: { requestedQueryCost: 2 } },
        },
      ],
    });
    expect(JSON.stringify(socket.messages)).not.toContain('"http"');
    // Nobody goes on reading what nobody is told.
    expect(server.told.ticks).toBe(3);
    expect(socket.code).toBeUndefined();
    socket.send(subscribe(TICKS, '2'));
    await until(() => socket.messages.some(({ id }) => id === '2'), 'an answer');
    expect(socket.messages.at(-1)).toMatchObject({
      id: '2',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }],
    });
    expect(server.told.ticks).toBe(3);
  });

  test('who waits and goes is waited for no longer', async () => {
    const server = await open({ guard: guard(4, 0.5) });
    const socket = await listen(server);
    socket.send(subscribe(TICKS));
    await until(() => names(socket).length === 2, 'two');
    socket.send({ type: 'complete', id: '1' });
    await until(() => server.told.ticks === 3, 'the third');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(names(socket)).toHaveLength(2);
    expect(server.told.ticks).toBe(3);
  });
});
