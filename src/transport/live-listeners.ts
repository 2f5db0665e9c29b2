import { GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, type Context, type ServerOptions } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { RequestError } from '../kernel/errors.js';
import { newId } from '../kernel/ids.js';
import type { Logger } from '../platform/log.js';
import type { OperationGuard } from './admission/operation-guard.js';
import { liveEvents, liveOperation, type LiveOperation } from './live-operation.js';
import { Places } from './places.js';
import type { ContextFactory, RequestActor, TransportContext } from './request-context.js';
import { sessionOf, shownBy } from './session-cookie.js';
import type { Upgrade } from './upgrade.js';

/** How often is asked whether whoever listens may still: a key that was revoked has lost its sockets within a second. */
const RECHECK_MS = 400;
const TOO_MANY = 4429;
/** Said on a socket that is being closed. */
const NOT_SERVED = new GraphQLError('This is not served.', { extensions: { code: 'FORBIDDEN' } });

export interface ListenersOptions {
  readonly schema: GraphQLSchema;
  readonly guard: OperationGuard;
  readonly contextFor: ContextFactory;
  readonly log: Logger;
  readonly limits: {
    readonly initTimeoutMs: number;
    readonly socketsPerActor: number;
    readonly operationsPerSocket: number;
    readonly patienceMs: number;
  };
}

/** One socket. */
interface Listener {
  readonly socket: WebSocket;
  readonly upgrade: Upgrade;
  /** To be called when whoever listens was let in. */
  readonly isKnown: () => void;
  actor?: RequestActor;
  recheck?: NodeJS.Timeout;
}
type ListenerContext = Context<Record<string, unknown>, Listener>;

/** Who listens, and may he: what graphql-ws asks of us. */
export class LiveListeners {
  private readonly places: Places;
  readonly options: ServerOptions<Record<string, unknown>, Listener>;

  constructor(private readonly doors: ListenersOptions) {
    const { limits } = doors;
    this.places = new Places(limits.socketsPerActor);
    this.options = {
      connectionInitWaitTimeout: limits.initTimeoutMs,
      onConnect: (context) => this.welcome(context),
      onSubscribe: async (context, _id, request) => {
        // The one that is asked for is among them already.
        if (Object.keys(context.subscriptions).length > limits.operationsPerSocket) {
          context.extra.socket.close(TOO_MANY, 'Too many subscriptions');
          return [NOT_SERVED];
        }
        const found = await this.lookUp(context);
        if (!found || !isOpen(context)) return [NOT_SERVED];
        const operation = await liveOperation(this.doors.schema, this.doors.guard, request, found);
        // Where the events get their own contexts from.
        return 'schema' in operation ? { ...operation, contextValue: context } : operation;
      },
      subscribe: async (args) => {
        const contextFor = () => this.contextFor(args.contextValue as ListenerContext);
        try {
          // What onSubscribe has answered.
          return await liveEvents(args as LiveOperation, { contextFor, guard: doors.guard, patienceMs: limits.patienceMs });
        } catch (error) {
          this.logFault(error);
          return { errors: [NOT_SERVED] };
        }
      },
      onClose: ({ extra: { actor, recheck } }) => {
        clearInterval(recheck);
        if (actor) this.places.free(actor.actorId);
      },
    };
  }

  /** False: not let in, and closed with 4403. */
  private async welcome(context: ListenerContext): Promise<boolean> {
    const found = await this.lookUp(context);
    const { extra } = context;
    if (!found?.actor || !isOpen(context)) return false;
    const { actor } = found;
    // Nothing is waited for between the count and the place, so that no two sockets get the last one.
    if (!this.places.take(actor.actorId)) {
      extra.socket.close(TOO_MANY, 'Too many connections');
      return true;
    }
    extra.actor = actor;
    extra.isKnown();
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
    const { upgrade, socket, actor } = extra;
    const { headers, ip: address } = upgrade;
    const { authorization = shownBy(headers), shop = headers['stockroom-shop'] } = connectionParams;
    try {
      const context = await this.doors.contextFor({
        authorization: textOf(authorization),
        // What is shown and is no text is not nothing.
        session: authorization === undefined ? sessionOf(upgrade) : undefined,
        shop: textOf(shop),
        address,
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

function isOpen({ extra: { socket } }: ListenerContext): boolean {
  return socket.readyState === socket.OPEN;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
