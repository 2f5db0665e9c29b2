import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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

/** Whether a page of this origin is one of ours. A client that is no browser sends none. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** A name that somebody else has made to lead here (DNS rebinding). */
function hostRefusal({ host }: FastifyRequest, allowed: readonly string[] | undefined): Error | undefined {
  if (allowed === undefined || allowed.includes(hostName(host))) return undefined;
  return new MisdirectedRequestError('This server does not answer to that name: its operator may add it to ALLOWED_HOSTS.');
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function cookieRefusal({ method, headers, host }: FastifyRequest): Error | undefined {
  if (headers.cookie === undefined || SAFE_METHODS.includes(method)) return undefined;
  const isElsewhere = headers['sec-fetch-site'] === 'cross-site' || !isOwnOrigin(headers.origin, host);
  return isElsewhere ? new RequestError('FORBIDDEN', 'A page of another site may not ask with a cookie: send a key.') : undefined;
}
