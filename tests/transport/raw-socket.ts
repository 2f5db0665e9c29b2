import { WebSocket, type ClientOptions } from 'ws';

/** A socket by hand, and what has come of it so far. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly messages: { type: string; id?: string; payload?: unknown }[];
  /** Why it was closed; undefined while it is not. */
  code: number | undefined;
  /** Of the answer, where it did not become a socket. */
  status: number | undefined;
  /** Now, or once it is open. */
  send(message: object | string): void;
}

export interface RawSocketOptions extends ClientOptions {
  readonly path?: string;
  readonly protocol?: string;
}

export function openRawSocket(url: string, options: RawSocketOptions = {}): RawSocket {
  const { path = '/graphql', protocol = 'graphql-transport-ws', ...others } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocol, others);
  const waiting: string[] = [];
  const seen: RawSocket = {
    socket,
    messages: [],
    code: undefined,
    status: undefined,
    send: (message) => {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      if (socket.readyState === socket.OPEN) socket.send(text);
      else waiting.push(text);
    },
  };
  socket.on('open', () => {
    for (const text of waiting) socket.send(text);
  });
  socket.on('message', (data: Buffer) => seen.messages.push(JSON.parse(data.toString()) as RawSocket['messages'][number]));
  socket.on('close', (code) => (seen.code = code));
  socket.on('unexpected-response', (_request, response) => {
    seen.status = response.statusCode;
    response.destroy();
  });
  socket.on('error', () => undefined);
  return seen;
}

export const init = (key: string) => ({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
export const subscribe = (query: string, id = '1') => ({ type: 'subscribe', id, payload: { query } });
