import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { networkOf } from '../platform/limits/network.js';
import type { Logger } from '../platform/log.js';
import type { OperationGuard } from './admission/operation-guard.js';
import { isAllowedName, pageOf, type CrossSiteOptions } from './cross-site.js';
import { LiveListeners } from './live-listeners.js';
import { serveSocket } from './live-socket.js';
import { Places } from './places.js';
import type { ContextFactory } from './request-context.js';
import { upgradeReader, type Upgrade } from './upgrade.js';

const MAX_MESSAGE_BYTES = 65_536;
/** How long who is shown out may take to go. */
const CLOSE_MS = 2_000;
const GRACE_MS = 500;

export interface SocketLimits {
  /** How long a socket may be open without saying who listens. */
  readonly initTimeoutMs: number;
  /** At this server. */
  readonly sockets: number;
  /** Of one network that have not said yet who listens, or have not gone yet since nobody may. */
  readonly strangersPerNetwork: number;
  readonly socketsPerActor: number;
  readonly operationsPerSocket: number;
  /** How long an event waits for its actor to be allowed so many objects again. Less than an alert is told of late. */
  readonly patienceMs: number;
  /** How long may go by without knowing whether whoever listens still may. */
  readonly lookUpMs: number;
  readonly pingMs: number;
}

const DEFAULT_SOCKET_LIMITS: SocketLimits = {
  initTimeoutMs: 3_000,
  sockets: 2_000,
  strangersPerNetwork: 100,
  socketsPerActor: 20,
  operationsPerSocket: 20,
  patienceMs: 10_000,
  lookUpMs: 5_000,
  pingMs: 15_000,
};

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly guard: OperationGuard;
  readonly contextFor: ContextFactory;
  readonly log: Logger;
  readonly path: string;
  readonly crossSite: CrossSiteOptions;
  readonly trustedProxies?: readonly string[] | undefined;
  /** What is left out is as usual. */
  readonly limits?: Partial<SocketLimits> | undefined;
}

/** Whether this request becomes a socket; what asks for any other upgrade is answered as if it had not. */
export function isSocketRequest({ url, headers }: IncomingMessage, path: string): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url?.split('?', 1)[0] === path;
}

/**
 * Subscriptions over WebSocket, by the protocol graphql-transport-ws. Who listens says so in connection_init (`{ "authorization": "Bearer <key>" }`), in the
 * header of the upgrade, or by his session's cookie on a page of this server; without, and within a second of its end, the socket is closed with 4403. A page
 * must be of an allowed origin. Refused before there is a socket: 404, 421, 403, 429 (too many strangers of one network), 503 (too many sockets).
 */
export function openWebSockets(app: FastifyInstance, options: WebSocketOptions): void {
  const { path, crossSite, log } = options;
  const limits = { ...DEFAULT_SOCKET_LIMITS, ...options.limits };
  // The types do not know closeTimeout yet.
  const settings = { noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols, closeTimeout: CLOSE_MS };
  const sockets = new WebSocketServer(settings);
  const listeners = new LiveListeners({ ...options, limits });
  const server = makeServer(listeners.options);
  const strangers = new Places(limits.strangersPerNetwork);
  const read = upgradeReader(options.trustedProxies);
  const care = {
    pingMs: limits.pingMs,
    onBroken: (error: Error) => {
      log.debug({ err: error }, 'a socket broke');
    },
    onFault: (error: unknown) => {
      log.error({ err: error }, 'a socket failed unexpectedly');
    },
  };
  app.server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    // Until the handshake is done nobody else listens, and an error that nobody hears ends the process.
    raw.on('error', () => raw.destroy());
    const upgrade = read(request);
    const refused = isSocketRequest(request, path) ? refusalOf(upgrade, crossSite) : 404;
    if (refused !== undefined) {
      refuse(raw, refused);
      return;
    }
    const network = networkOf(upgrade.ip);
    const isFull = sockets.clients.size >= limits.sockets;
    if (isFull || !strangers.take(network)) {
      refuse(raw, isFull ? 503 : 429);
      return;
    }
    const isKnown = once(() => {
      strangers.free(network);
    });
    raw.once('close', isKnown);
    sockets.handleUpgrade(request, raw, head, (socket) => {
      serveSocket(server, { socket, upgrade, isKnown, pending: 0, live: new Set<AsyncIterator<unknown>>() }, care);
    });
  });
  app.addHook('preClose', () => letGo(sockets));
}

function refusalOf(upgrade: Upgrade, { corsOrigins, allowedHosts }: CrossSiteOptions): number | undefined {
  if (!isAllowedName(upgrade.host, allowedHosts)) return 421;
  const isAllowed = pageOf(upgrade) !== 'other' || corsOrigins.includes(upgrade.headers.origin ?? '');
  return isAllowed ? undefined : 403;
}

/** The other side may leave its half open for ever, and HTTP's own timeouts have let go of this socket. */
function refuse(socket: Duplex, status: number): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

async function letGo(sockets: WebSocketServer): Promise<void> {
  const clients = [...sockets.clients];
  const late = setTimeout(() => {
    for (const client of clients) client.terminate();
  }, GRACE_MS);
  for (const client of clients) client.close(1001, 'Going away');
  await Promise.all(clients.map(untilClosed));
  clearTimeout(late);
}

function untilClosed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) resolve();
    else {
      socket.once('close', () => {
        resolve();
      });
    }
  });
}
