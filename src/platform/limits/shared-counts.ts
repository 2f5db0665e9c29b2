import { createClient, type RedisClientType } from '@keyv/redis';
import { findRedis } from '../cache/redis-address.js';
import type { Logger } from '../log.js';

const CONNECT_TIMEOUT_MS = 1_000;
/** Nobody waits longer for a count: he is then counted by this process alone. */
const ANSWER_TIMEOUT_MS = 50;
/** How long Redis is left alone after it has failed. */
const PAUSE_MS = 1_000;
const MAX_WAITING_COMMANDS = 10_000;

export type CountsClient = RedisClientType;

/** The connection to the Redis that counts for all instances. It is opened when it is first needed, and again after it has failed. */
export class SharedCounts {
  private client: CountsClient | undefined;
  private opening: Promise<void> | undefined;
  private pausedUntil = 0;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly log: Logger,
  ) {}

  /** Waits until the connection is open, or cannot be opened. */
  async start(): Promise<void> {
    await this.opened();
  }

  /** What `ask` answers; undefined where Redis does not, or not in time. */
  async use<T>(ask: (client: CountsClient) => Promise<T>): Promise<T | undefined> {
    const client = await this.connected();
    if (!client) return undefined;
    try {
      return await inTime(ask(client));
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  close(): void {
    this.isClosed = true;
    this.drop();
  }

  private async connected(): Promise<CountsClient | undefined> {
    if (this.client?.isReady) return this.client;
    if (this.isClosed || Date.now() < this.pausedUntil) return undefined;
    // The first to come does not wait for a Redis that is slow to be reached.
    await inTime(this.opened()).catch(() => undefined);
    return this.client;
  }

  private opened(): Promise<void> {
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async open(): Promise<void> {
    try {
      const address = await findRedis(this.url, CONNECT_TIMEOUT_MS);
      const socket = { ...address.socket, connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false as const };
      const client = createClient({
        ...address,
        socket,
        disableOfflineQueue: true,
        commandsQueueMaxLength: MAX_WAITING_COMMANDS,
      }) as CountsClient;
      client.on('error', (error: unknown) => {
        if (this.client === client) this.fail(error);
      });
      await client.connect();
      if (this.isClosed) client.destroy();
      else this.client = client;
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.isClosed) return;
    const isNews = Date.now() >= this.pausedUntil;
    this.pausedUntil = Date.now() + PAUSE_MS;
    this.drop();
    if (isNews) this.log.warn({ err: error }, 'Redis does not count: each instance counts for itself');
  }

  private drop(): void {
    const { client } = this;
    this.client = undefined;
    if (client?.isOpen) client.destroy();
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error('Redis did not answer in time.'));
    }, ANSWER_TIMEOUT_MS);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(late);
    });
  });
}
