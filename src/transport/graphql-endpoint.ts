import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { RequestError } from '../kernel/errors.js';
import type { Limiter } from '../platform/limits/limiter.js';
import type { Logger } from '../platform/log.js';
import { inShop } from '../platform/tenancy.js';
import type { OperationGuard } from './admission/operation-guard.js';
import { REFUSED_QUERY } from './admission/operation-guard.js';
import { INTERNAL_ERROR_MESSAGE } from './error-mask.js';
import { jitGateway } from './jit-gateway.js';
import type { ContextFactory, TransportContext } from './request-context.js';
import { countStranger } from './strangers.js';
import { SessionCookie, shownBy } from './session-cookie.js';

export const GRAPHQL_PATH = '/graphql';
/** For which shop a person acts. */
const SHOP_HEADER = 'stockroom-shop';
const HTTP_OK = 200;
const HTTP_BAD_REQUEST = 400;
/** Codes of errors in a request that is well-formed as HTTP goes: a client that reads application/json gets them with status 200. */
const WELL_FORMED = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Apollo Server on this schema; started. It stops when `stop` is called, after the requests in flight. */
export async function startApollo(
  schema: GraphQLSchema,
  app: FastifyInstance,
  guard: OperationGuard,
): Promise<ApolloServer<TransportContext>> {
  const apollo = new ApolloServer<TransportContext>({
    gateway: jitGateway(schema),
    parseOptions: { maxTokens: guard.limits.tokens },
    formatError: maskUnmasked,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // Otherwise Apollo raises the signal again once it has stopped, and cuts the program's own shutdown short.
    stopOnTerminationSignals: false,
    logger: apolloLogger(app),
    plugins: [
      fastifyApolloDrainPlugin(app),
      guard.plugin,
      ApolloServerPluginLandingPageDisabled(),
      // Apollo's cache hints would wrap every resolver, for a cache that is not there.
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

function apolloLogger({ log }: FastifyInstance): Record<'debug' | 'info' | 'warn' | 'error', (message: unknown) => void> {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: unknown) => {
    log[level]({ source: 'apollo' }, String(message));
  };
  return { debug: write('debug'), info: write('debug'), warn: write('warn'), error: write('error') };
}

/** The last net: execution's errors are masked before, with their request id; this catches a failure of Apollo's own pipeline. */
function maskUnmasked(error: GraphQLFormattedError): GraphQLFormattedError {
  return error.extensions?.code === 'INTERNAL_SERVER_ERROR' ? { ...error, message: INTERNAL_ERROR_MESSAGE } : error;
}

export interface GraphqlDoors {
  readonly apollo: ApolloServer<TransportContext>;
  readonly guard: OperationGuard;
  readonly contextFor: ContextFactory;
  /** How often an address may ask without a key that is let in. Left out: as often as it likes. */
  readonly strangers?: Limiter | undefined;
  /** Whether a GET needs a key, which a page of another site cannot send along. */
  readonly getsNeedKeys?: boolean | undefined;
}

/** Answers GraphQL over HTTP (its specification of 2025): GET for queries, POST for all; the status depends on Accept. */
export function graphqlHandler(doors: GraphqlDoors) {
  const { apollo, guard } = doors;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const cookie = SessionCookie.of(request);
    const contextValue = await contextOf(request, cookie, doors);
    const { actor } = contextValue;
    const answer = () =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request, { ...doors, isOwn: cookie.token !== undefined }),
          ...admitted(request, contextValue, guard),
        },
        context: () => Promise.resolve(contextValue),
      });
    // Without an actor no row of any shop is seen.
    const response = await (actor ? inShop(actor.shopId, answer) : answer());
    const text = withRequestId(await bodyText(response), response, request.id);
    for (const [name, value] of response.headers) void reply.header(name, value);
    if (cookie.header !== undefined) void reply.header('set-cookie', cookie.header);
    // What one may see another may not.
    void reply.header('cache-control', 'no-store');
    void reply.code(statusOf(response, text));
    return text;
  };
}

/** Refuses (TOO_MANY_REQUESTS) an address that has asked too often without being anybody. */
async function contextOf(
  { id: requestId, ip: address, log, headers }: FastifyRequest,
  cookie: SessionCookie,
  { contextFor, strangers }: GraphqlDoors,
): Promise<TransportContext> {
  try {
    const context = await contextFor({
      authorization: shownBy(headers),
      session: cookie.token,
      cookie,
      shop: headers[SHOP_HEADER]?.toString(),
      address,
      requestId,
      log: log as unknown as Logger,
    });
    // A session that is over is of no use to the browser.
    if (!context.person) cookie.drop();
    if (!context.actor && !context.person) await countStranger(strangers, address);
    return context;
  } catch (error) {
    if (error instanceof RequestError && error.code === 'UNAUTHENTICATED') await countStranger(strangers, address);
    throw error;
  }
}

/** What Apollo is given to read: what was asked, with the text that the guard has for it. */
function admitted(request: FastifyRequest, context: TransportContext, guard: OperationGuard): { search: string; body: unknown } {
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'GET') {
    const [query, id, extensions] = ['query', 'id', 'extensions'].map((name) => url.searchParams.get(name) ?? undefined);
    const text = guard.admit({ query, id, extensions: parsed(extensions) }, context);
    if (context.refusal) return { search: `?query=${encodeURIComponent(REFUSED_QUERY)}`, body: request.body };
    if (text !== undefined && query === undefined) byText(url.searchParams, text);
    return { search: url.search, body: request.body };
  }
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { search: url.search, body };
  const query = guard.admit(body, context);
  if (context.refusal) return { search: url.search, body: { query: REFUSED_QUERY } };
  if (query === undefined || ('query' in body && body.query === query)) return { search: url.search, body };
  // What named the operation would have Apollo look for it once more.
  const named = Object.entries(body).filter(([name]) => name !== 'extensions');
  return { search: url.search, body: { ...Object.fromEntries(named), query } };
}

function byText(parameters: URLSearchParams, query: string): void {
  parameters.set('query', query);
  parameters.delete('extensions');
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : (JSON.parse(json) as unknown);
  } catch {
    // Apollo says what is wrong with it.
    return undefined;
  }
}

/** What was refused before there was an operation has not been through the guard. */
function withRequestId(text: string, { status = HTTP_OK }: HTTPGraphQLResponse, requestId: string): string {
  if (status < HTTP_BAD_REQUEST || !text.startsWith('{')) return text;
  const reply = JSON.parse(text) as { errors?: GraphQLFormattedError[] };
  const errors = reply.errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return JSON.stringify({ ...reply, errors });
}

function headersOf(
  { headers, method }: FastifyRequest,
  { getsNeedKeys = false, isOwn }: GraphqlDoors & { isOwn: boolean },
): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // Only mutations change anything, and GET refuses them; a page of another site cannot send a key along, nor act by a cookie. Apollo would demand a header of its
  // own here, which clients of the GraphQL-over-HTTP specification do not send.
  if (method === 'GET' && (!getsNeedKeys || isOwn || headers.authorization !== undefined))
    map.set('apollo-require-preflight', 'true');
  return map;
}

async function bodyText({ body }: HTTPGraphQLResponse): Promise<string> {
  if (body.kind === 'complete') return body.string;
  let text = '';
  for await (const chunk of body.asyncIterator) text += chunk;
  return text;
}

function statusOf({ status = HTTP_OK, headers }: HTTPGraphQLResponse, text: string): number {
  const isLegacyType = headers.get('content-type')?.startsWith('application/json') ?? false;
  if (status !== HTTP_BAD_REQUEST || !isLegacyType) return status;
  const { errors = [] } = JSON.parse(text) as { errors?: GraphQLFormattedError[] };
  return errors.length > 0 && errors.every(({ extensions }) => WELL_FORMED.has(String(extensions?.code))) ? HTTP_OK : status;
}
