import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TcpProxy } from '../support/tcp-proxy.js';

/** Longer than anything takes on the way through the proxy. */
const WHILE_MS = 150;

let target: Server;
let proxy: TcpProxy;
let heard: string;

beforeEach(async () => {
  heard = '';
  target = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      socket.write(`echo ${chunk.toString()}`);
    });
  }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  proxy = await TcpProxy.open((target.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  target.close();
});

interface Caller {
  readonly socket: Socket;
  readonly received: () => string;
  /** The code of the error that it failed with, if any. */
  readonly ended: Promise<string | undefined>;
}

async function call(): Promise<Caller> {
  const socket = connect(proxy.port, '127.0.0.1');
  let text = '';
  let code: string | undefined;
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  const ended = new Promise<string | undefined>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code;
    });
    socket.on('close', () => {
      resolve(code);
    });
  });
  // A reset may come first.
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
  return { socket, received: () => text, ended };
}

describe('a TCP proxy', () => {
  test('forwards both ways', async () => {
    const caller = await call();
    caller.socket.write('one');
    await expect.poll(caller.received).toBe('echo one');
    caller.socket.end();
  });

  test('cut: resets what is open and what is opened, until it is healed', async () => {
    const before = await call();
    before.socket.write('one');
    await expect.poll(before.received).toBe('echo one');
    proxy.cut();
    expect(await before.ended).toBe('ECONNRESET');
    const during = await call();
    expect(await during.ended).toBe('ECONNRESET');
    proxy.heal();
    const after = await call();
    after.socket.write('two');
    await expect.poll(after.received).toBe('echo two');
  });

  test('blackhole: connections stay open, and what was sent is never delivered', async () => {
    const before = await call();
    before.socket.write('one');
    await expect.poll(before.received).toBe('echo one');
    proxy.blackhole();
    before.socket.write('lost');
    const during = await call();
    during.socket.write('lost as well');
    await sleep(WHILE_MS);
    expect([before.socket.closed, during.socket.closed]).toEqual([false, false]);
    proxy.heal();
    expect(await Promise.all([before.ended, during.ended])).toEqual(['ECONNRESET', 'ECONNRESET']);
    await sleep(WHILE_MS);
    expect(heard).toBe('one');
  });

  test('stall: connections stay open, and what was sent is delivered late', async () => {
    const before = await call();
    before.socket.write('one');
    await expect.poll(before.received).toBe('echo one');
    proxy.stall();
    before.socket.write('late');
    const during = await call();
    during.socket.write('new');
    await sleep(WHILE_MS);
    expect(heard).toBe('one');
    proxy.heal();
    await expect.poll(before.received).toBe('echo oneecho late');
    await expect.poll(during.received).toBe('echo new');
  });

  test('a target that is down resets the caller', async () => {
    target.close();
    await once(target, 'close');
    const caller = await call();
    expect(await caller.ended).toBe('ECONNRESET');
  });
});
