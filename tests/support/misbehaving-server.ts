import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { selfSigned } from './self-signed.js';

/** What a far side does with a request. */
export type Manner = (request: IncomingMessage, response: ServerResponse) => void;

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MAX_SEEN = 1_000;
const CHUNK_BYTES = 65_536;
const BYTES_PER_MB = 1_024 * 1_024;

/**
 * An HTTP server that misbehaves on purpose, on a port of its own. What it does with the next requests is set by `behave`; the last manner
 * stays. With `tls` it shows a certificate that it signed itself.
 */
export class MisbehavingServer {
  /** The last ones, the oldest first. */
  readonly requests: SeenRequest[] = [];
  /** All there ever were. */
  requestCount = 0;
  private manners: readonly Manner[] = [answers(200, {})];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>,
    private readonly scheme: 'http' | 'https',
    /** PEM; undefined without TLS. */
    readonly certificate: string | undefined,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.serve(request, response);
    });
    server.on('tlsClientError', () => undefined);
  }

  static async open({
    tls = false,
  }: { readonly tls?: boolean | ReturnType<typeof selfSigned> } = {}): Promise<MisbehavingServer> {
    const pair = tls === true ? selfSigned() : tls || undefined;
    const server = pair ? createTlsServer(pair) : createServer();
    const far = new MisbehavingServer(server, tls ? 'https' : 'http', pair?.cert);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return far;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Without a slash at its end. */
  get url(): string {
    return `${this.scheme}://127.0.0.1:${String(this.port)}`;
  }

  get openConnections(): number {
    return this.sockets.size;
  }

  /** The first manner for the next request, and so on; the last one for all that follow. */
  behave(...manners: readonly [Manner, ...Manner[]]): void {
    this.manners = manners;
  }

  /** From now on it shows this certificate, also to those who were connected. For a server with TLS. */
  shows(pair: { readonly key: string; readonly cert: string }): void {
    if ('setSecureContext' in this.server) this.server.setSecureContext(pair);
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.requestCount += 1;
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, url, headers, body: Buffer.concat(chunks) });
      if (this.requests.length > MAX_SEEN) this.requests.shift();
      const [manner, ...next] = this.manners;
      if (next.length > 0) this.manners = next;
      manner?.(request, response);
    });
  }
}

/** Well-behaved: JSON, or text as it is. */
export function answers(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Manner {
  return (_, response) => {
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
}

/** 429 with Retry-After: seconds, or a date as text. */
export function rateLimits(retryAfter: number | string): Manner {
  return answers(429, { error: 'too many requests' }, { 'retry-after': String(retryAfter) });
}

export function redirects(location: string): Manner {
  return answers(302, '', { location });
}

/** Takes the request and says nothing, ever. */
export const blackhole: Manner = () => undefined;

/** Announces an answer and sends it one byte a second. */
export const tricklesBytes: Manner = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), 1_000);
  response.on('close', () => {
    clearInterval(timer);
  });
};

/** So many megabytes that look like the beginning of an answer, in chunks or with their length announced. */
export function answersMegabytes(megabytes: number, announced = false): Manner {
  return (_, response) => {
    const length = announced ? { 'content-length': String(megabytes * BYTES_PER_MB) } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...length });
    pour(response, (megabytes * BYTES_PER_MB) / CHUNK_BYTES, Buffer.alloc(CHUNK_BYTES, ' '));
  };
}

/** Chunks without an end. */
export const answersEndlessly: Manner = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  pour(response, Number.POSITIVE_INFINITY, Buffer.alloc(CHUNK_BYTES, ' '));
};

/** Few bytes on the wire that unfold to so many megabytes. */
export function gzipBomb(megabytes: number): Manner {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip({ level: 1 });
    gzip.on('error', () => undefined);
    response.on('close', () => gzip.destroy());
    gzip.pipe(response);
    pour(gzip, (megabytes * BYTES_PER_MB) / CHUNK_BYTES, Buffer.alloc(CHUNK_BYTES, ' '));
  };
}

export const answersInvalidJson: Manner = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{"product": {"name": "Mai');
};

/** Says that it is compressed, and is not. */
export const answersBrokenGzip: Manner = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.end(gzipSync('{"whole": true}').subarray(0, 12));
};

/** Half an answer, then a reset. */
export const resetsMidBody: Manner = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"product":', () => request.socket.resetAndDestroy());
};

/** No answer at all, the connection is reset. */
export const resets: Manner = (request) => {
  request.socket.resetAndDestroy();
};

/** Something that is no HTTP. */
export const speaksRubbish: Manner = (request) => {
  request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
};

/** Writes as fast as it is read, so that the server itself keeps nothing. */
function pour(to: NodeJS.WritableStream, chunks: number, chunk: Buffer): void {
  let left = chunks;
  let isClosed = false;
  to.on('close', () => {
    isClosed = true;
  });
  const write = (): void => {
    while (left > 0 && !isClosed) {
      left -= 1;
      if (!to.write(chunk)) {
        to.once('drain', write);
        return;
      }
    }
    if (!isClosed) to.end();
  };
  write();
}
