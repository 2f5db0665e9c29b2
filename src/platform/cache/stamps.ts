import { randomBytes } from 'node:crypto';
import type { SharedTier } from './shared-tier.js';

/**
 * Which write renews which stamp. To be raised when that changes (a region that comes to depend on another stamp, say): instances of unlike rules
 * do not share a cache, since what one announces would mean something else to the other.
 */
export const STAMP_RULES = 1;

/** A stamp that is gone costs a load of what it stood for, nothing else; those of past epochs should not lie about for long. */
const STAMP_TTL_MS = 3_600_000;
const PROCESS_TAG = randomBytes(12).toString('base64url');
let made = 0;

/** A text that nobody has made before or will make again, without a space. */
export function newStamp(): string {
  made += 1;
  return `${PROCESS_TAG}.${made.toString(36)}`;
}

/** Where a stamp is kept. */
export function stampKey(name: string): string {
  return `stamp/${name}`;
}

/** The stamps of one shared memory. */
export class Stamps {
  constructor(private readonly shared: SharedTier) {}

  /** Nothing that was cached under these names until now is believed any more. */
  async renew(namespace: string, names: Iterable<string>): Promise<void> {
    await this.shared.set(namespace, [...names].map(withNewStamp));
  }

  /** Sets stamps that are missing; gives those that stand then, in the order of the names. */
  async establish(namespace: string, names: readonly string[]): Promise<string[]> {
    return names.length === 0 ? [] : this.shared.setIfAbsent(namespace, names.map(withNewStamp));
  }
}

function withNewStamp(name: string) {
  return { name: stampKey(name), text: newStamp(), ttlMs: STAMP_TTL_MS };
}
