import { CloseCode, type Server } from 'graphql-ws';
import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/** What waits to be read on the other side, besides one event of each subscription, when more is asked of us: whoever asks and does not read is cut off. */
const MAX_UNREAD_BYTES = 4_194_304;
const NONCE_BYTES = 8;

export interface SocketCare {
  /** How often is asked whether the other side is still there; who has not answered by the next time is cut off. */
  readonly pingMs: number;
  /** What the other side did against the protocol of WebSocket, or a line that broke: it is closed. */
  readonly onBroken: (error: Error) => void;
  /** What failed here: the socket is closed with 4500. */
  readonly onFault: (error: unknown) => void;
}

/** Hands what comes on the socket to graphql-ws. Its own way of doing so would write to the console what fails. */
export function serveSocket<E extends { readonly socket: WebSocket }>(server: Server<E>, extra: E, care: SocketCare): void {
  const { socket } = extra;
  const failed = (error: unknown): void => {
    care.onFault(error);
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  socket.on('error', care.onBroken);
  const stopPings = keepAsking(socket, care.pingMs);
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (text) => sent(socket, text),
      close: (code, reason) => {
        socket.close(code, reason);
      },
      onMessage: (take) => {
        socket.on('message', (data: Buffer) => {
          if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
            socket.terminate();
            return;
          }
          take(data.toString()).catch(failed);
        });
      },
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    stopPings();
    closed(code, reason.toString()).catch(care.onFault);
  });
}

function keepAsking(socket: WebSocket, pingMs: number): () => void {
  let asked: Buffer | undefined;
  socket.on('pong', (answer: Buffer) => {
    // A pong that nobody asked for says nothing of whether we are read.
    if (asked?.equals(answer)) asked = undefined;
  });
  const timer = setInterval(() => {
    if (asked) socket.terminate();
    if (socket.readyState !== socket.OPEN) return;
    asked = randomBytes(NONCE_BYTES);
    socket.ping(asked);
  }, pingMs);
  return () => {
    clearInterval(timer);
  };
}

/** Resolves when the operating system has it, so that who reads slowly is sent slowly. Nobody waits for one who has gone. */
function sent(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) {
      resolve();
      return;
    }
    socket.send(text, (error) => {
      if (error && socket.readyState === socket.OPEN) reject(error);
      else resolve();
    });
  });
}
