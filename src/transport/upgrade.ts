import proxyAddr from '@fastify/proxy-addr';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What fastify says of other requests, of one that it does not see: names and meanings are its. */
export interface Upgrade {
  readonly headers: IncomingHttpHeaders;
  /** The client's address, as far as the proxies that say so are believed. */
  readonly ip: string;
  readonly host: string;
  /** http or https. */
  readonly protocol: string;
}

/** Some proxies say it in the words of WebSocket. */
const PROTOCOLS: Readonly<Record<string, string>> = { ws: 'http', wss: 'https' };

/** Reads who asks for an upgrade, and how he reached the server, as fastify does with these `trustProxy`. */
export function upgradeReader(trustedProxies: readonly string[] = []): (request: IncomingMessage) => Upgrade {
  const isTrusted = trustedProxies.length === 0 ? () => false : proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const { headers, socket } = request;
    const isByProxy = socket.remoteAddress !== undefined && isTrusted(socket.remoteAddress, 0);
    const said = (name: string): string | undefined => (isByProxy ? lastOf(headers[name]) : undefined);
    const protocol = said('x-forwarded-proto') ?? ('encrypted' in socket ? 'https' : 'http');
    return {
      headers,
      ip: proxyAddr.all(request, isTrusted).at(-1) ?? '',
      host: said('x-forwarded-host') ?? headers.host ?? '',
      protocol: PROTOCOLS[protocol] ?? protocol,
    };
  };
}

/** Undefined where the header is not there or says nothing. */
function lastOf(header: string | readonly string[] | undefined): string | undefined {
  const last = header?.toString().split(',').at(-1)?.trim();
  return last === '' ? undefined : last;
}
