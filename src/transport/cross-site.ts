import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../kernel/errors.js';

export interface CrossSiteOptions {
  /** Pages of these origins may ask, besides the server's own. */
  readonly corsOrigins: readonly string[];
  /** Names by which this server lets itself be called. Left out: any. */
  readonly allowedHosts?: readonly string[] | undefined;
}

const PREFLIGHT_SECONDS = 600;
const MISDIRECTED = 421;
/** Of requests that change nothing (RFC 9110, section 9.2.1). */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const SENT_HEADERS = ['authorization', 'content-type', 'stockroom-shop', 'x-request-id'];
const SHOWN_HEADERS = ['x-request-id', 'retry-after'];

class MisdirectedRequestError extends Error {
  override readonly name = 'MisdirectedRequestError';
  readonly statusCode = MISDIRECTED;
}

/**
 * What pages of other sites may do: nothing, unless their origin is named. One that is named may ask with a key that it has; nobody's cookie is ever sent
 * along, and a cookie that comes from elsewhere all the same is refused.
 */
export async function guardOrigins(app: FastifyInstance, { corsOrigins, allowedHosts }: CrossSiteOptions): Promise<void> {
  app.addHook('onRequest', (request, _reply, done) => {
    done(hostRefusal(request, allowedHosts) ?? cookieRefusal(request));
  });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'POST', 'PUT'],
    allowedHeaders: SENT_HEADERS,
    exposedHeaders: SHOWN_HEADERS,
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  });
}

/** What a request says of where it comes from, and by which name it found this server: as fastify reads it, proxies that are believed included. */
export interface Arriving {
  readonly headers: IncomingHttpHeaders;
  readonly host: string;
  /** http or https. */
  readonly protocol: string;
}

/**
 * Which page sent it, as the browser says: one of this very server (scheme, host and port), or another. Unknown: it is no browser's, or of one that says
 * nothing, such as a link that somebody followed.
 */
export function pageOf({ headers, host, protocol }: Arriving): 'own' | 'other' | 'unknown' {
  const { origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'other';
  if (origin === undefined) return site === 'same-origin' ? 'own' : 'unknown';
  if (!URL.canParse(origin)) return 'other';
  const page = new URL(origin);
  // A browser that says so has compared the schemes, and knows better than a server behind a proxy that it was not told of.
  const scheme = site === 'same-origin' ? page.protocol : `${protocol.toLowerCase()}:`;
  const own = URL.canParse(`${scheme}//${host}`) ? new URL(`${scheme}//${host}`) : undefined;
  const isOwn = /^https?:$/.test(page.protocol) && page.protocol === own?.protocol && page.host === own.host;
  return isOwn ? 'own' : 'other';
}

/** Refuses a name that somebody else has made to lead here (DNS rebinding). */
export function isAllowedName(host: string, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.includes(hostName(host));
}

function hostRefusal({ host }: FastifyRequest, allowed: readonly string[] | undefined): Error | undefined {
  if (isAllowedName(host, allowed)) return undefined;
  return new MisdirectedRequestError('This server does not answer to that name: its operator may add it to ALLOWED_HOSTS.');
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function cookieRefusal(request: FastifyRequest): Error | undefined {
  const { method, headers } = request;
  if (headers.cookie === undefined || SAFE_METHODS.includes(method) || pageOf(request) !== 'other') return undefined;
  return new RequestError('FORBIDDEN', 'A page of another site may not ask with a cookie: send a key.');
}
