import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.js';
import { findRedis } from './redis-address.js';
import { RedisLink } from './redis-link.js';
import { CutOffError, type KeptText, type SharedTier } from './shared-tier.js';

const FIND_TIMEOUT_MS = 500;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 500;
/** A link that lived this long was a good one: the next is tried after the shortest pause. */
const GOOD_LIFE_MS = 2000;

export interface RedisTierOptions {
  readonly url: string;
  readonly memberId: string;
  readonly log: Logger;
  readonly onRoundTrip: () => void;
}

/** Redis, by way of one link at a time; a broken one is replaced as soon as Redis answers again. */
export class RedisTier implements SharedTier {
  readonly isRemote = true;
  private current: RedisLink | undefined;
  private readonly closing = new AbortController();
  private keeping: Promise<void> | undefined;
  private hasWarned = false;

  constructor(private readonly options: RedisTierOptions) {}

  get link(): string | undefined {
    return this.current?.isUp ? this.current.id : undefined;
  }

  get isResting(): boolean {
    return this.current?.isResting ?? false;
  }

  open(onChange: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.keeping = this.keepLinked(onChange, resolve);
    });
  }

  async get(namespace: string, names: readonly string[]): Promise<(string | undefined)[]> {
    return this.linked().get(names.map((name) => within(namespace, name)));
  }

  async set(namespace: string, texts: readonly KeptText[]): Promise<void> {
    return this.linked().set(texts.map((text) => ({ ...text, name: within(namespace, text.name) })));
  }

  async offer(namespace: string, texts: readonly KeptText[]): Promise<void> {
    return this.linked().offer(texts.map((text) => ({ ...text, name: within(namespace, text.name) })));
  }

  async setIfAbsent(namespace: string, texts: readonly KeptText[]): Promise<string[]> {
    return this.linked().setIfAbsent(texts.map((text) => ({ ...text, name: within(namespace, text.name) })));
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.current?.close();
    this.current = undefined;
    await this.keeping;
  }

  private linked(): RedisLink {
    if (!this.current) throw new CutOffError('There is no link to Redis.');
    return this.current;
  }

  private async keepLinked(onChange: () => void, tried: () => void): Promise<void> {
    const { signal } = this.closing;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const openedAt = performance.now();
      await this.liveOnce(onChange, tried);
      tried();
      pauseMs = performance.now() - openedAt > GOOD_LIFE_MS ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** From one attempt to connect to the end of the link that came of it. */
  private async liveOnce(onChange: () => void, tried: () => void): Promise<void> {
    const { url, memberId, log, onRoundTrip } = this.options;
    const { signal } = this.closing;
    const broken = Promise.withResolvers<unknown>();
    signal.addEventListener('abort', broken.resolve);
    try {
      const address = await findRedis(url, FIND_TIMEOUT_MS);
      const onBreak = (cause: unknown): void => {
        this.current = undefined;
        onChange();
        broken.resolve(cause);
      };
      this.current = await RedisLink.open({ address, memberId, onRoundTrip, onBreak });
      this.hasWarned = false;
      if (signal.aborted) this.current.close();
      onChange();
      tried();
      const cause = await broken.promise;
      this.current = undefined;
      if (!signal.aborted)
        log.warn({ reason: reasonOf(cause) }, 'the link to Redis broke: the database answers until there is a new one');
    } catch (error) {
      if (!this.hasWarned && !signal.aborted)
        log.warn({ reason: reasonOf(error) }, 'Redis cannot be reached: the database answers until it can');
      this.hasWarned = true;
    } finally {
      signal.removeEventListener('abort', broken.resolve);
    }
  }
}

/** A stack would say where in the client it was noticed, which nobody needs to know. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(reasonOf)].join(' ');
  return error instanceof Error ? error.message : String(error);
}

function within(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
