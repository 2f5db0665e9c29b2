import helmet from '@fastify/helmet';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type InjectOptions,
  type LightMyRequestResponse,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { IncomingMessage, ServerOptions } from 'node:http';
import { newId } from '../kernel/ids.js';
import { redactText, type Logger } from '../platform/log.js';
import type { Limiter } from '../platform/limits/limiter.js';
import { OperationGuard, type GuardOptions } from './admission/operation-guard.js';
import { limitArrival } from './arrival-limit.js';
import { guardOrigins, type CrossSiteOptions } from './cross-site.js';
import type { FileDoor } from './file-door.js';
import { fileEndpoint, UPLOAD_TIMEOUT_MS } from './file-endpoint.js';
import { GRAPHQL_PATH, graphqlHandler, startApollo } from './graphql-endpoint.js';
import { healthEndpoints } from './health.js';
import { httpErrorOf } from './http-errors.js';
import { metricsEndpoint, type MetricsOptions } from './metrics-endpoint.js';
import { refuseOtherMethods } from './other-methods.js';
import { isPageRequest, playgroundPage, type PlaygroundOptions } from './playground.js';
import type { ContextFactory } from './request-context.js';
import { isSocketRequest, openWebSockets, type SocketLimits } from './websocket-door.js';
import type { ScanDoor } from './scan-door.js';
import { scanEndpoint } from './scan-endpoint.js';
import { smsReportEndpoint, type SmsReportDoor } from './sms-report-endpoint.js';
import { unsubscribeEndpoint, type UnsubscribeDoor } from './unsubscribe-endpoint.js';

const MAX_PARAMETER_CHARACTERS = 200;
const MS_PER_S = 1_000;
const HTTP_UNAUTHORIZED = 401;
/** How often connections are looked at, at the least, for requests that take too long to come; Node itself would look every 30 s. */
const MAX_CHECK_INTERVAL_MS = 1000;
/** A connection on which nothing moves, such as that of a client which does not read its reply, is closed after this time. */
const IDLE_CONNECTION_MS = 120_000;
const REQUEST_ID_HEADER = 'x-request-id';
/** No page of this server uses what a browser can do with a device. */
const NO_FEATURES = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';
const REQUEST_ID = /^[\w.-]{8,64}$/;

export interface HttpServerOptions {
  schema: GraphQLSchema;
  contextFor: ContextFactory;
  scanDoor: ScanDoor;
  /** Left out: files lie with a store that has a server of its own. */
  fileDoor?: FileDoor | undefined;
  /** Left out: there are no links to follow. */
  unsubscribeDoor?: UnsubscribeDoor | undefined;
  /** Left out: no provider may report. */
  smsReportDoor?: SmsReportDoor | undefined;
  /** What operations may be made of, and ask for over time; see admission/. Left out: the limits that DEFAULT_LIMITS says. */
  guard?: GuardOptions | undefined;
  /** How often an address may ask for something without a key that is let in. Left out: as often as it likes. */
  strangers?: Limiter | undefined;
  /** Left out: pages of no other site may ask, and the server answers to any name. */
  crossSite?: CrossSiteOptions | undefined;
  /** Of subscriptions over WebSocket. What is left out is as usual. */
  sockets?: Partial<SocketLimits> | undefined;
  /** Whether GraphQL by GET needs a key. */
  getsNeedKeys?: boolean | undefined;
  /** Whether the database answers. */
  ready: () => Promise<boolean>;
  log: Logger;
  http: {
    host: string;
    port: number;
    bodyLimitBytes: number;
    imageLimitBytes: number;
    /** How long a request may take to arrive, from its first byte to its last; then it is answered with 408. */
    requestTimeoutMs: number;
    /** Whose word on a client's address (X-Forwarded-For) is believed: addresses and networks. Left out: nobody's. */
    trustedProxies?: readonly string[] | undefined;
  };
  playground: PlaygroundOptions;
  /** Left out: there are no metrics to be read. */
  metrics?: MetricsOptions;
}

export interface HttpServer {
  /** Rejects when the port is taken or the host is not this machine's. */
  listen(): Promise<{ url: string }>;
  /** Takes no more requests and waits for those in flight. */
  close(): Promise<void>;
  /** A request without a network, for tests. */
  inject(request: InjectOptions | string): Promise<LightMyRequestResponse>;
}

/** The whole HTTP side: GraphQL, the playground, the scan endpoint, health and metrics. It listens once `listen` is called. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { schema, scanDoor, fileDoor, ready, http, playground, metrics } = options;
  const app = createFastify(options);
  const guard = new OperationGuard(options.guard);
  const apollo = await startApollo(schema, app, guard);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const crossSite = options.crossSite ?? { corsOrigins: [] };
  await guardOrigins(app, crossSite);
  if (schema.getSubscriptionType()) {
    const { trustedProxies } = http;
    openWebSockets(app, { ...options, guard, crossSite, path: GRAPHQL_PATH, trustedProxies, limits: options.sockets });
  }
  const answer = graphqlHandler({ ...options, apollo, guard });
  const page = playground.enabled ? playgroundPage(playground, GRAPHQL_PATH) : undefined;
  app.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    handler: (request, reply) => (page && isPageRequest(request) ? page(request, reply) : answer(request, reply)),
  });
  refuseOtherMethods(app, GRAPHQL_PATH, {
    allowed: ['GET', 'POST'],
    hint: 'GraphQL is sent with POST, a query also with GET',
  });
  if (page) {
    app.get('/', (_request, reply) => {
      void reply.redirect(GRAPHQL_PATH);
    });
  }
  await app.register(scanEndpoint(scanDoor, { imageLimitBytes: http.imageLimitBytes, strangers: options.strangers }));
  if (fileDoor) await app.register(fileEndpoint(fileDoor));
  if (options.unsubscribeDoor) await app.register(unsubscribeEndpoint(options.unsubscribeDoor, options.strangers));
  if (options.smsReportDoor) await app.register(smsReportEndpoint(options.smsReportDoor));
  await app.register(healthEndpoints(ready));
  if (metrics) await app.register(metricsEndpoint(metrics));
  await app.ready();
  return {
    listen: async () => ({ url: await app.listen({ host: http.host, port: http.port }) }),
    close: () => apollo.stop(),
    inject: (request) => app.inject(request),
  };
}

function createFastify({ log, http, fileDoor }: HttpServerOptions): FastifyInstance {
  const limits = arrivalLimits(http.requestTimeoutMs, fileDoor !== undefined);
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: http.bodyLimitBytes,
    trustProxy: http.trustedProxies === undefined || http.trustedProxies.length === 0 ? false : [...http.trustedProxies],
    requestTimeout: limits.requestTimeout,
    // What asks for another upgrade (h2c, say) is answered as if it had not.
    http: { ...limits, shouldUpgradeCallback: (request) => isSocketRequest(request, GRAPHQL_PATH) },
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    forceCloseConnections: 'idle',
    connectionTimeout: IDLE_CONNECTION_MS,
    genReqId: requestIdOf,
    frameworkErrors: (error, request, reply) => {
      void sendError(error, request, reply);
    },
  }) as unknown as FastifyInstance;
  if (fileDoor) limitArrival(app, http.requestTimeoutMs);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header(REQUEST_ID_HEADER, request.id).header('permissions-policy', NO_FEATURES);
    done();
  });
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // A kept-alive connection would hold the server open until its client lets go.
    if (isClosing) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    logAccess(request, reply);
    done();
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing at this address.')));
  return app;
}

/**
 * Node takes the smaller of the two limits for the headers and the larger for the whole request, so they are one; but where files come in too, which
 * take longer, Node's limit is theirs and `limitArrival` keeps the others'.
 */
function arrivalLimits(headersTimeout: number, takesFiles: boolean): ServerOptions & { requestTimeout: number } {
  const connectionsCheckingInterval = Math.min(headersTimeout, MAX_CHECK_INTERVAL_MS);
  const requestTimeout = takesFiles ? Math.max(headersTimeout, UPLOAD_TIMEOUT_MS) : headersTimeout;
  return { requestTimeout, headersTimeout, connectionsCheckingInterval };
}

/** A request id that the caller chose is kept when it can stand in a log line as it is: a key that was sent as one cannot. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) && redactText(given) === given ? given : newId();
}

/** The route's pattern, not the URL: a URL may hold a device's key. */
function logAccess({ method, routeOptions, log, ip }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void {
  log.info(
    { method, route: routeOptions.url ?? '(none)', status: statusCode, durationMs: Math.round(elapsedTime), ip },
    'request',
  );
}

function sendError(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, message, retryAfterMs } = httpErrorOf(error, request);
  if (retryAfterMs !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterMs / MS_PER_S)));
  // RFC 9110, section 11.6.1: who is told that he is nobody is told how to say who he is.
  if (status === HTTP_UNAUTHORIZED && !reply.hasHeader('www-authenticate')) void reply.header('www-authenticate', 'Bearer');
  return reply.code(status).send(errorBody(code, message, request.id));
}

function errorBody(code: string, message: string, requestId?: string): object {
  return { errors: [{ message, extensions: { code, requestId } }] };
}
