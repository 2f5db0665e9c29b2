import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const STATUS_START = 9;
const STATUS_END = 12;
/** Above what a server may take that waits for another's lease; a reply that takes longer is an error. */
const REPLY_TIMEOUT_MS = 10_000;

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Nobody knows whether the server has done what it was asked. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

interface Caller {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** The text of a request, made once and sent as often as needed. ASCII alone, so that its length is its length in bytes. */
export function post(path: string, key: string, body: string): string {
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\naccept: application/json\r\n`;
  return `${head}content-type: application/json\r\ncontent-length: ${String(body.length)}${HEAD_END}${body}`;
}

export function get(path: string, key: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}${HEAD_END}`;
}

/**
 * One kept-alive connection that is asked one thing at a time. It reads only what this server sends (a length with each body), so that
 * the clients leave the machine to the servers: Node's own client takes several times as long for a request.
 */
export class HttpConnection {
  private socket: Socket | undefined;
  private received = '';
  private caller: Caller | undefined;

  constructor(private readonly port: number) {}

  /** Rejects with ConnectionLost where the server is away or goes away. The next call connects again. */
  send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.caller) throw new Error('A connection is asked one thing at a time.');
      this.caller = { resolve, reject };
      this.received = '';
      this.socket ??= this.open();
      this.socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.setTimeout(REPLY_TIMEOUT_MS);
    socket.on('data', (chunk) => {
      this.receive(chunk.toString());
    });
    let reason = 'the server ended it';
    socket.on('error', ({ message }) => {
      reason = message;
    });
    socket.on('timeout', () => {
      this.settle((caller) => {
        caller.reject(new Error(`no reply within ${String(REPLY_TIMEOUT_MS)} ms`));
      });
      socket.destroy();
    });
    socket.on('close', () => {
      this.socket = undefined;
      this.settle((caller) => {
        caller.reject(new ConnectionLost(reason));
      });
    });
    return socket;
  }

  private receive(chunk: string): void {
    this.received += chunk;
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const length = LENGTH.exec(this.received.slice(0, headEnd))?.[1];
    if (length === undefined) {
      this.socket?.destroy(new Error('a reply without its length'));
      return;
    }
    const begin = headEnd + HEAD_END.length;
    if (this.received.length < begin + Number(length)) return;
    const reply = {
      status: Number(this.received.slice(STATUS_START, STATUS_END)),
      body: this.received.slice(begin, begin + Number(length)),
    };
    this.settle((caller) => {
      caller.resolve(reply);
    });
  }

  /** Once for each call, and the caller may call again at once. */
  private settle(how: (caller: Caller) => void): void {
    const { caller } = this;
    this.caller = undefined;
    if (caller) how(caller);
  }
}
