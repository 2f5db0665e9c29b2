import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from '../platform/log.js';
import { inShop } from '../platform/tenancy.js';
import { depthLimit } from './depth-limit.js';
import { INTERNAL_ERROR_MESSAGE } from './error-mask.js';
import { jitGateway } from './jit-gateway.js';
import { queryCost } from './query-cost.js';
import type { ContextFactory, TransportContext } from './request-context.js';

export const GRAPHQL_PATH = '/graphql';
/** A stockPost of 500 acts written out as literals has some 11,000. */
const MAX_QUERY_TOKENS = 15_000;
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
export async function startApollo(schema: GraphQLSchema, app: FastifyInstance): Promise<ApolloServer<TransportContext>> {
  const apollo = new ApolloServer<TransportContext>({
    gateway: jitGateway(schema),
    parseOptions: { maxTokens: MAX_QUERY_TOKENS },
    validationRules: [depthLimit],
    formatError: maskUnmasked,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // Otherwise Apollo raises the signal again once it has stopped, and cuts the program's own shutdown short.
    stopOnTerminationSignals: false,
    logger: apolloLogger(app),
    plugins: [
      fastifyApolloDrainPlugin(app),
      queryCost,
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

/** Answers GraphQL over HTTP (its specification of 2025): GET for queries, POST for all; the status depends on Accept. */
export function graphqlHandler(apollo: ApolloServer<TransportContext>, contextFor: ContextFactory) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { id: requestId, ip: address, log, headers } = request;
    const contextValue = await contextFor({
      authorization: headers.authorization,
      address,
      requestId,
      log: log as unknown as Logger,
    });
    const { actor } = contextValue;
    const answer = () =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request),
          search: new URL(request.url, 'http://localhost').search,
          body: request.body,
        },
        context: () => Promise.resolve(contextValue),
      });
    // Without an actor no row of any shop is seen.
    const response = await (actor ? inShop(actor.shopId, answer) : answer());
    const text = await bodyText(response);
    for (const [name, value] of response.headers) void reply.header(name, value);
    void reply.code(statusOf(response, text));
    return text;
  };
}

function headersOf({ headers, method }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // Only mutations change anything, GET refuses them, and no cookie ever proves who calls: a GET from another site can do nothing.
  // Apollo would demand a header of its own here, which clients of the GraphQL-over-HTTP specification do not send.
  if (method === 'GET') map.set('apollo-require-preflight', 'true');
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
