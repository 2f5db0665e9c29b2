import { afterEach } from 'vitest';
import type { HttpServerOptions } from '../../src/transport/http-server.js';
import { until } from '../support/live-client.js';
import { init, openRawSocket, type RawSocket, type RawSocketOptions } from './raw-socket.js';
import { KEYS } from './small-shop-server.js';
import { startTicking, type TickingServer } from './ticking-server.js';

export const settled = ({ messages, code, status }: RawSocket): boolean =>
  messages.length > 0 || code !== undefined || status !== undefined;
export const isOpen = ({ socket }: RawSocket): boolean => socket.readyState === socket.OPEN;

/** Servers and sockets of one test file; they are gone after each test. */
export function socketBench() {
  const servers: TickingServer[] = [];
  const sockets: RawSocket[] = [];
  afterEach(async () => {
    for (const { socket } of sockets.splice(0)) socket.terminate();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function open(options: Partial<HttpServerOptions> = {}): Promise<TickingServer> {
    const server = await startTicking(options);
    servers.push(server);
    return server;
  }

  function connect(server: TickingServer, options: RawSocketOptions = {}): RawSocket {
    const socket = openRawSocket(server.url, options);
    sockets.push(socket);
    return socket;
  }

  /** Says who listens, and waits for what comes of it. */
  async function listen(server: TickingServer, key: string = KEYS.owner, options: RawSocketOptions = {}): Promise<RawSocket> {
    const socket = connect(server, options);
    socket.send(init(key));
    await until(() => settled(socket), 'an answer');
    return socket;
  }

  return { sockets, open, connect, listen };
}
