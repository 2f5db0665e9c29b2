import { LRUCache } from 'lru-cache';
import type { KeptText, SharedTier } from './shared-tier.js';

/** A stamp that was pushed out is made anew, and what was cached under it is loaded again: so a bound costs nothing but time. Some 15 MiB. */
const MAX_TEXTS = 50_000;

/** This process's own memory: an instance shares it with nobody, so it may be used only while the instance is alone. */
export class ProcessTier implements SharedTier {
  readonly isRemote = false;
  readonly isResting = false;
  readonly link: string;
  private readonly texts = new LRUCache<string, string>({ max: MAX_TEXTS });

  /** `memberId` names the instance among all members. */
  constructor(memberId: string) {
    this.link = `process:${memberId}`;
  }

  /** It is always there. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  get(namespace: string, names: readonly string[]): Promise<(string | undefined)[]> {
    return Promise.resolve(names.map((name) => this.texts.get(keyOf(namespace, name))));
  }

  set(namespace: string, texts: readonly KeptText[]): Promise<void> {
    for (const { name, text, ttlMs } of texts) this.texts.set(keyOf(namespace, name), text, { ttl: ttlMs });
    return Promise.resolve();
  }

  offer(namespace: string, texts: readonly KeptText[]): Promise<void> {
    return this.set(namespace, texts);
  }

  /** In one turn: of many who find nothing the first one's stands for all. */
  setIfAbsent(namespace: string, texts: readonly KeptText[]): Promise<string[]> {
    const standing = texts.map(({ name, text, ttlMs }) => {
      const key = keyOf(namespace, name);
      const kept = this.texts.get(key);
      if (kept === undefined) this.texts.set(key, text, { ttl: ttlMs });
      return kept ?? text;
    });
    return Promise.resolve(standing);
  }

  close(): Promise<void> {
    this.texts.clear();
    return Promise.resolve();
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
