import { GraphQLError, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { CloseCode, type Context, type ServerOptions } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { RequestError } from '../kernel/errors.js';
import { newId } from '../kernel/ids.js';
import type { Logger } from '../platform/log.js';
import type { OperationGuard } from './admission/operation-guard.js';
import { liveEvents, liveOperation, type LiveOperation, type LiveRequest } from './live-operation.js';
import { Places } from './places.js';
import type { ContextFactory, RequestActor, TransportContext } from './request-context.js';
import { sessionOf, shownBy } from './session-cookie.js';
import type { Upgrade } from './upgrade.js';

/** How often is asked whether whoever listens may still: a key that was revoked has lost its sockets within a second. */
const RECHECK_MS = 400;
const TOO_MANY = 4429;
/** Of WebSocket itself (RFC 6455's registry): try again later. */
const TRY_AGAIN_LATER = 1013;
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
    readonly lookUpMs: number;
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
  /** Subscriptions that are looked at. */
  pending: number;
  /** Those that tell of something. graphql-ws knows them by the ids that the client gave them, and of several with one id it knows the last. */
  readonly live: Set<AsyncIterator<unknown>>;
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
        const { extra } = context;
        // The one that is asked for is among the named already. One that was taken back while it was looked at may be there for a while without a name.
        const named = Object.keys(context.subscriptions).length;
        const all = extra.pending + extra.live.size + 1;
        if (named > limits.operationsPerSocket || all > 2 * limits.operationsPerSocket) {
          extra.socket.close(TOO_MANY, 'Too many subscriptions');
          return [NOT_SERVED];
        }
        extra.pending += 1;
        try {
          return await this.admit(context, request);
        } finally {
          extra.pending -= 1;
        }
      },
      subscribe: (args) => this.events(args as LiveOperation),
      onClose: ({ extra: { actor, recheck, live } }) => {
        clearInterval(recheck);
        for (const events of live) void events.return?.();
        if (actor) this.places.free(actor.actorId);
      },
    };
  }

  private async admit(context: ListenerContext, request: LiveRequest): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const found = await this.lookUp(context);
    if (!found || !isOpen(context)) return [NOT_SERVED];
    const operation = await liveOperation(this.doors.schema, this.doors.guard, request, found);
    // Where the events get their own contexts from.
    return 'schema' in operation ? { ...operation, contextValue: context } : operation;
  }

  /** Of what `admit` has answered. */
  private async events(args: LiveOperation): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const { guard, limits } = this.doors;
    const context = args.contextValue as ListenerContext;
    const { live } = context.extra;
    try {
      const contextFor = () => this.contextFor(context);
      const events = await liveEvents(args, { contextFor, guard, patienceMs: limits.patienceMs });
      if (!(Symbol.asyncIterator in events)) return events;
      const isWanted = () => isOpen(context);
      const known = endingWith(events, { isWanted, ended: () => live.delete(known) });
      live.add(known);
      return known;
    } catch (error) {
      this.logFault(error);
      return { errors: [NOT_SERVED] };
    }
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
    extra.recheck = this.keepLookingUp(context);
    return true;
  }

  /** One look at a time: they would pile up while the database hangs. Whoever nobody can vouch for is shown out. */
  private keepLookingUp(context: ListenerContext): NodeJS.Timeout {
    let since: number | undefined;
    const timer = setInterval(() => {
      if (since === undefined) {
        since = performance.now();
        void this.lookUp(context).finally(() => (since = undefined));
      } else if (performance.now() - since > this.doors.limits.lookUpMs) {
        context.extra.socket.close(TRY_AGAIN_LATER, 'Try again later');
      }
    }, RECHECK_MS);
    return timer.unref();
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

/** The same events, while they are wanted; `ended` is called once they end. */
function endingWith<T>(
  events: AsyncIterableIterator<T>,
  { isWanted, ended }: { readonly isWanted: () => boolean; readonly ended: () => void },
): AsyncIterableIterator<T> {
  return {
    // A socket takes whatever it is given once it is closing: without the question it would be told of all that there is.
    next: async () => {
      try {
        if (!isWanted()) await events.return?.();
        const next = await events.next();
        if (next.done) ended();
        return next;
      } catch (error) {
        ended();
        throw error;
      }
    },
    return: async () => {
      ended();
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function isOpen({ extra: { socket } }: ListenerContext): boolean {
  return socket.readyState === socket.OPEN;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
