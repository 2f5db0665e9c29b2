import got, { TimeoutError, type Agents, type OptionsInit } from 'got';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import { REFUSED_CODE, wasRefused } from './address-guard.js';
import { OutboundError } from './outbound-error.js';
import type { OutboundPolicy } from './outbound-policy.js';
import { readRetryAfter } from './retry-after.js';

/** What is asked; at most one of json, form and body. */
export interface OutboundRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Asking twice does no harm. GET and HEAD are always repeated. */
  readonly mayRepeat?: boolean;
  /** With whom it shares breaker and bulkhead: all that name the same one. For a policy whose lanes are REQUEST. */
  readonly lane?: string;
  /** Gives the request up; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An answer, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When the far side asks to be left alone for: its Retry-After, where it sent one. */
  readonly retryAfterMs?: number | undefined;
}

/** What all requests of one destination share. */
export interface Exchange {
  readonly name: string;
  readonly policy: OutboundPolicy;
  readonly agents: Agents;
  readonly userAgent: string;
  readonly dnsLookup?: LookupFunction | undefined;
  /** PEM; besides nothing else: who is given here replaces the authorities that Node.js trusts. */
  readonly certificateAuthorities?: readonly string[] | undefined;
}

const TLS_FAULT =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)_|ERROR_IN_CERT_|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH)/;

/** Asks once, follows no redirect, and reads the answer up to its limit. Refuses as OutboundError says. */
export async function exchangeOnce(exchange: Exchange, request: OutboundRequest, signal: AbortSignal): Promise<Reply> {
  const { name, policy } = exchange;
  let begun: number | undefined;
  let isRefused = (): boolean => false;
  try {
    const stream = got.stream(request.url, optionsOf(exchange, request, signal));
    // One that is given up after its end has nobody left who reads its error.
    stream.on('error', () => undefined);
    stream.once('request', (outgoing: ClientRequest) => {
      isRefused = () => outgoing.socket !== null && wasRefused(outgoing.socket);
    });
    stream.once('response', (response: { statusCode: number }) => {
      begun = response.statusCode;
    });
    const body = await readUpTo(stream, policy.maxResponseBytes, name);
    const { response } = stream;
    if (response === undefined) throw new OutboundError('NETWORK', `${name} gave no answer.`);
    const { statusCode: status, headers } = response;
    return { status, headers, body, retryAfterMs: readRetryAfter(headers['retry-after'], new Date()) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { kind, message, retryAfterMs } = error instanceof OutboundError ? error : faultOf(error, name, isRefused());
    throw new OutboundError(kind, message, retryAfterMs, begun);
  }
}

/** Stops reading, and closes the connection, as soon as it is too much: what is compressed is counted as what it unfolds to. */
async function readUpTo(stream: AsyncIterable<unknown>, maxBytes: number, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new OutboundError('TOO_LARGE', `${name} answered with more than ${String(maxBytes)} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}

function optionsOf(exchange: Exchange, request: OutboundRequest, signal: AbortSignal): OptionsInit & { isStream: true } {
  const { policy, agents, userAgent, dnsLookup, certificateAuthorities } = exchange;
  const { timeouts } = policy;
  return {
    isStream: true,
    method: request.method,
    headers: { ...request.headers, 'user-agent': userAgent },
    ...contentOf(request),
    agent: agents,
    dnsLookup,
    signal,
    // Everything of this kind is done here, for all tries together.
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    timeout: {
      lookup: timeouts.lookupMs,
      connect: timeouts.connectMs,
      secureConnect: timeouts.secureConnectMs,
      send: timeouts.sendMs,
      response: timeouts.responseMs,
      request: timeouts.attemptMs,
    },
    // Said out loud, so that no variable of the environment turns it off.
    https: {
      rejectUnauthorized: true,
      ...(certificateAuthorities && { certificateAuthority: [...certificateAuthorities] }),
    },
  };
}

function contentOf({ method, json, form, body }: OutboundRequest): Pick<OptionsInit, 'json' | 'form' | 'body'> {
  if (json !== undefined) return { json };
  if (form !== undefined) return { form: { ...form } };
  if (body !== undefined) return { body };
  // Otherwise the client waits to be given one.
  return method === 'GET' || method === 'HEAD' ? {} : { body: '' };
}

/** The library's messages quote addresses and URLs, so only codes go on. */
function faultOf(error: unknown, name: string, isRefused: boolean): OutboundError {
  if (error instanceof TimeoutError) return new OutboundError('TIMEOUT', `${name} took too long (${error.event}).`);
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (isRefused || code === REFUSED_CODE) {
    return new OutboundError('REFUSED_ADDRESS', `${name} leads to an address that may not be asked.`);
  }
  if (TLS_FAULT.test(code)) return new OutboundError('TLS', `${name} could not prove who it is (${code}).`);
  return new OutboundError('NETWORK', `${name} could not be reached or broke off (${code}).`);
}
