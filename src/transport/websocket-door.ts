import type { FastifyInstance } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, type Context, type ServerOptions } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { STATUS_CODES, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { RequestError } from '../kernel/errors.js';
import { newId } from '../kernel/ids.js';
import type { Logger } from '../platform/log.js';
import type { OperationGuard } from './admission/operation-guard.js';
import { liveEvents, liveOperation } from './live-operation.js';
import { isOwnOrigin } from './cross-site.js';
import type { ContextFactory, RequestActor, TransportContext } from './request-context.js';

/** How often is asked whether whoever listens may still: a key that was revoked has lost its sockets within a second. */
const RECHECK_MS = 400;
const INIT_TIMEOUT_MS = 3_000;
const PING_MS = 15_000;
const MAX_MESSAGE_BYTES = 65_536;
const MAX_SOCKETS = 2_000;
const MAX_SOCKETS_PER_ACTOR = 20;
const MAX_OPERATIONS_PER_SOCKET = 20;
const GRACE_MS = 500;
const TOO_MANY_SOCKETS = 4429;
/** Said on a socket that is being closed. */
const NOT_SERVED = new GraphQLError('This is not served.', { extensions: { code: 'FORBIDDEN' } });

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly guard: OperationGuard;
  readonly contextFor: ContextFactory;
  readonly log: Logger;
  readonly path: string;
  /** Pages of these may connect, besides those of this server. */
  readonly origins: readonly string[];
}

interface Listener extends Extra {
  actor?: RequestActor;
  recheck?: NodeJS.Timeout;
}
type ListenerContext = Context<Record<string, unknown>, Listener>;

/** Whether this request becomes a socket; what asks for any other upgrade is answered as if it had not. */
export function isSocketRequest({ url, headers }: IncomingMessage, path: string): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url?.split('?', 1)[0] === path;
}

/**
 * Subscriptions over WebSocket, by the protocol graphql-transport-ws. Who listens says so in connection_init (`{ "authorization": "Bearer <key>" }`) or in the
 * header of the upgrade; without a valid key, and within a second of its end, the socket is closed with 4403. A page must be of an allowed origin.
 */
export function openWebSockets(app: FastifyInstance, options: WebSocketOptions): void {
  const { path, origins } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  const door = new Door(options);
  const serving = useServer(door.options, sockets, PING_MS);
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the handshake is done nobody else listens, and an error that nobody hears ends the process.
    socket.on('error', () => socket.destroy());
    if (!isSocketRequest(request, path)) refuse(socket, 404);
    else if (!isAllowedOrigin(request.headers, origins)) refuse(socket, 403);
    else if (sockets.clients.size >= MAX_SOCKETS) refuse(socket, 503);
    else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });
  app.addHook('preClose', async () => {
    const clients = [...sockets.clients];
    const late = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, GRACE_MS);
    await serving.dispose();
    await Promise.all(clients.map(untilClosed));
    clearTimeout(late);
  });
}

function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  return isOwnOrigin(origin, host) || (origin !== undefined && allowed.includes(origin));
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

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

class Door {
  /** Sockets by actor. */
  private readonly open = new Map<string, number>();

  constructor(private readonly doors: WebSocketOptions) {}

  readonly options: ServerOptions<Record<string, unknown>, Listener> = {
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (context) => this.welcome(context),
    onSubscribe: async (context, _id, request) => {
      if (Object.keys(context.subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
        context.extra.socket.close(TOO_MANY_SOCKETS, 'Too many subscriptions');
        return [NOT_SERVED];
      }
      const found = await this.lookUp(context);
      if (!found || context.extra.socket.readyState !== context.extra.socket.OPEN) return [NOT_SERVED];
      const operation = liveOperation(this.doors.schema, this.doors.guard, request, found);
      // Where the events get their own contexts from.
      return 'schema' in operation ? { ...operation, contextValue: context } : operation;
    },
    subscribe: async (args) => {
      try {
        return await liveEvents(args, () => this.contextFor(args.contextValue as ListenerContext));
      } catch (error) {
        this.logFault(error);
        return { errors: [NOT_SERVED] };
      }
    },
    onClose: ({ extra: { actor, recheck } }) => {
      clearInterval(recheck);
      if (!actor) return;
      const left = (this.open.get(actor.actorId) ?? 1) - 1;
      if (left > 0) this.open.set(actor.actorId, left);
      else this.open.delete(actor.actorId);
    },
  };

  /** False: not let in, and closed with 4403. */
  private async welcome(context: ListenerContext): Promise<boolean> {
    const found = await this.lookUp(context);
    const { extra } = context;
    if (!found?.actor || extra.socket.readyState !== extra.socket.OPEN) return false;
    const { actor } = found;
    const open = this.open.get(actor.actorId) ?? 0;
    if (open >= MAX_SOCKETS_PER_ACTOR) {
      extra.socket.close(TOO_MANY_SOCKETS, 'Too many connections');
      return true;
    }
    this.open.set(actor.actorId, open + 1);
    extra.actor = actor;
    extra.recheck = setInterval(() => void this.lookUp(context), RECHECK_MS);
    extra.recheck.unref();
    return true;
  }

  /** Undefined, and the socket closed, where whoever listens may not any more. What fails otherwise is logged, and looked up again later. */
  private async lookUp(context: ListenerContext): Promise<TransportContext | undefined> {
    try {
      return await this.contextFor(context);
    } catch (error) {
      this.logFault(error);
      return undefined;
    }
  }

  private logFault(error: unknown): void {
    if (!(error instanceof RequestError)) this.doors.log.warn({ err: error }, 'who listens on a socket could not be looked up');
  }

  private async contextFor({ extra, connectionParams = {} }: ListenerContext): Promise<TransportContext> {
    const { request, socket, actor } = extra;
    const { authorization = request.headers.authorization, shop = request.headers['stockroom-shop'] } = connectionParams;
    try {
      const context = await this.doors.contextFor({
        authorization: textOf(authorization),
        shop: textOf(shop),
        address: request.socket.remoteAddress,
        requestId: newId(),
        log: this.doors.log,
      });
      if (context.actor && (!actor || actor.actorId === context.actor.actorId)) return context;
      throw new RequestError('UNAUTHENTICATED', 'Say who listens: connection_init with { "authorization": "Bearer <key>" }.');
    } catch (error) {
      if (error instanceof RequestError) socket.close(CloseCode.Forbidden, 'Forbidden');
      throw error;
    }
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
