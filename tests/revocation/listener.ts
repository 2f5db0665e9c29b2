import type { Client } from 'graphql-ws';
import { liveClient } from '../support/live-client.js';

/** What comes all the time, and what never does: a socket that hears nothing is closed by nobody but who asks again whether it may listen. */
const FEEDS = {
  busy: 'subscription { stockMovements { movement { reference } } }',
  quiet: 'subscription { stockAlerts { kind } }',
} as const;
export type FeedName = keyof typeof FEEDS;
export const FEED_NAMES = Object.keys(FEEDS) as FeedName[];

export interface Heard {
  /** By performance.now(). */
  readonly at: number;
  /** Of the movement. */
  readonly reference: string;
}

interface Told {
  readonly stockMovements?: { readonly movement: { readonly reference: string } };
}

/** One socket with one subscription. */
export class Listener {
  readonly heard: Heard[] = [];
  /** Undefined while it is open. */
  closed: { readonly at: number; readonly code: number } | undefined;
  private isConnected = false;
  private readonly client: Client;

  constructor(
    url: string,
    secret: string,
    readonly place: { readonly server: number; readonly feed: FeedName },
  ) {
    const onClosed = (code: number): void => {
      this.closed ??= { at: performance.now(), code };
    };
    this.client = liveClient(url, secret, { onClosed });
    this.client.on('connected', () => {
      this.isConnected = true;
    });
    const nothing = (): void => undefined;
    const next = ({ data }: { readonly data?: Told | null }): void => {
      const reference = data?.stockMovements?.movement.reference;
      if (reference !== undefined) this.heard.push({ at: performance.now(), reference });
    };
    this.client.subscribe<Told>({ query: FEEDS[place.feed] }, { next, error: nothing, complete: nothing });
  }

  get listens(): boolean {
    return !this.closed && this.isConnected && (this.place.feed === 'quiet' || this.heard.length > 0);
  }

  async stop(): Promise<void> {
    await this.client.dispose();
  }
}
