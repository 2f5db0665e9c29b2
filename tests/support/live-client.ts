import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Listens to a running server, with one key. It comes back by itself only where `retries` says so. */
export function liveClient(
  url: string,
  key: string,
  options: { origin?: string; onClosed?: (code: number) => void } = {},
): Client {
  const { origin, onClosed } = options;
  class OfPage extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, origin === undefined ? {} : { origin });
    }
  }
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: OfPage,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
    lazy: true,
    ...(onClosed && {
      on: {
        closed: (event) => {
          onClosed((event as { code: number }).code);
        },
      },
    }),
  });
}

/** Waits until `done` says so; rejects after a long while. */
export async function until(done: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!done()) {
    if (performance.now() > end) throw new Error(`${what} did not come.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
