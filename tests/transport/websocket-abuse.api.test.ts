import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { permissionsOf } from '../../src/features/access/index.js';
import type { ContextFactory } from '../../src/transport/request-context.js';
import { until } from '../support/live-client.js';
import { subscribe, type RawSocket } from './raw-socket.js';
import { KEYS } from './small-shop-server.js';
import { socketBench } from './socket-bench.js';

const MANY_TICKS = 'subscription { ticks(times: 1000000, pauseMs: 10) { name } }';
const PATIENCE = { timeout: 20_000, interval: 100 };
const { open, listen } = socketBench();

/** Asks and takes back at once, so that graphql-ws knows the last one alone. */
function askAgainAndAgain(socket: RawSocket, times: number): void {
  for (let n = 0; n < times; n += 1) {
    socket.send(subscribe(MANY_TICKS));
    socket.send({ type: 'complete', id: '1' });
  }
  socket.send(subscribe(MANY_TICKS));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('subscriptions under one id end with their socket, all of them', async () => {
  const server = await open();
  const socket = await listen(server);
  askAgainAndAgain(socket, 10);
  await until(() => server.told.ticks > 20, 'ticks');
  socket.socket.terminate();
  await until(() => socket.code !== undefined, 'the end');
  await expect
    .poll(async () => {
      const before = server.told.ticks;
      await pause(200);
      return server.told.ticks - before;
    }, PATIENCE)
    .toBe(0);
});

test('subscriptions under one id count each', async () => {
  const server = await open({ sockets: { operationsPerSocket: 5 } });
  const socket = await listen(server);
  askAgainAndAgain(socket, 60);
  await until(() => socket.code !== undefined, 'the end');
  expect(socket.code).toBe(4429);
});

test('subscriptions that came to their end make room', async () => {
  const server = await open({ sockets: { operationsPerSocket: 1 } });
  const socket = await listen(server);
  for (const id of ['1', '2', '3']) {
    // It fails after its ticks.
    socket.send(subscribe('subscription { ticks(times: 1) { name } }', id));
    await until(() => socket.messages.some((message) => message.id === id && message.type === 'error'), 'its end');
  }
  socket.send(subscribe(MANY_TICKS, '4'));
  await until(() => socket.messages.some(({ id }) => id === '4'), 'a tick');
  socket.send({ type: 'complete', id: '4' });
  socket.send(subscribe(MANY_TICKS, '5'));
  await until(() => socket.code !== undefined || socket.messages.some(({ id }) => id === '5'), 'a tick or the end');
  expect(socket.code).toBeUndefined();
});

test('who asks and does not read what he is answered is cut off', async () => {
  const server = await open();
  const socket = await listen(server);
  socket.socket.pause();
  const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(60_000) } });
  const sent = { bytes: 0 };
  await until(() => {
    // Reading on now and then, or the end would not be seen.
    socket.socket.pause();
    for (let n = 0; n < 20 && socket.socket.readyState === socket.socket.OPEN; n += 1) {
      socket.socket.send(ping);
      sent.bytes += ping.length;
    }
    return sent.bytes > 60_000_000 || socket.socket.readyState !== socket.socket.OPEN;
  }, 'the end');
  socket.socket.resume();
  await until(() => socket.code !== undefined, 'the end');
  expect(socket.code).toBe(1006);
});

test('a pong that nobody asked for says nothing: who does not answer is cut off', async () => {
  const server = await open({ sockets: { pingMs: 100 } });
  const socket = await listen(server, KEYS.owner, { autoPong: false });
  const timer = setInterval(() => {
    if (socket.socket.readyState === socket.socket.OPEN) socket.socket.pong('here');
  }, 20);
  try {
    await until(() => socket.code !== undefined, 'the end');
  } finally {
    clearInterval(timer);
  }
  expect(socket.code).toBe(1006);
  const honest = await listen(server);
  await pause(500);
  expect(honest.code).toBeUndefined();
});

test('a connection whose upgrade was refused is closed, though the other side leaves its half open', async () => {
  const server = await open();
  const { hostname, port } = new URL(server.url);
  const line = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let text = '';
  let isClosed = false;
  line.on('data', (data: Buffer) => (text += data.toString()));
  // A server that has let go answers what still comes with a reset.
  line.on('error', () => (isClosed = true));
  line.write(
    `GET /graphql HTTP/1.1\r\nHost: ${hostname}\r\nOrigin: http://evil.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  await until(() => text.includes('403'), 'a refusal');
  await until(() => {
    if (!isClosed) line.write('x');
    return isClosed;
  }, 'the end');
  line.destroy();
});

test('while nobody can say who listens is asked once at a time, and who cannot be vouched for is shown out', async () => {
  let asked = 0;
  const contextFor: ContextFactory = ({ requestId, log }) => {
    asked += 1;
    // The database hangs from the second question on.
    if (asked > 1) return new Promise(() => undefined);
    return Promise.resolve({
      ...{ requestId, log },
      actor: { actorId: 'one', shopId: 's', role: 'OWNER', permissions: permissionsOf('OWNER') },
    });
  };
  const server = await open({ contextFor, sockets: { lookUpMs: 1_000 } });
  const socket = await listen(server);
  await until(() => socket.code !== undefined, 'the end');
  expect([socket.code, asked]).toEqual([1013, 2]);
});
