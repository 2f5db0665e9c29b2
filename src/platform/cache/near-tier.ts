import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';
import type { RegionName } from './region.js';

/** A value as it was read under a stamp. It is handed to many requests, so nobody may change it. `size`: characters of its JSON. */
export interface NearEntry {
  readonly stamp: string;
  readonly value: unknown;
  readonly size: number;
}

/** What part of the memory each region may fill. */
const SHARES: Readonly<Record<RegionName, number>> = {
  keys: 0.05,
  locations: 0.05,
  categories: 0.1,
  items: 0.2,
  skus: 0.1,
  barcodes: 0.25,
  levels: 0.25,
};
/** What an entry takes beside its key and its value: its place in the list, the objects around it. "There is none" takes 370 with its key. */
const ENTRY_BYTES = 500;
/**
 * An object takes more than its JSON: two to three bytes for each character of it, most where decimals and instants are many, as in levels. Measured by
 * `npm run check:memory`: a million values leave 47 MiB of heap where 64 are given, levels alone seven eighths of their share.
 */
const BYTES_PER_CHARACTER = 3;

/** Values in this process, bounded by what they take. Which of them may be believed is not known here: their stamps say. */
export class NearTier {
  private readonly regions = new Map<RegionName, Keyv<NearEntry>>();
  private readonly bounds = new Map<RegionName, BoundedStore>();

  constructor(memoryBytes: number) {
    for (const [name, share] of Object.entries(SHARES) as [RegionName, number][]) {
      const store = new BoundedStore(Math.floor(memoryBytes * share));
      this.bounds.set(name, store);
      // Objects stay objects: nothing is serialized on the way to one's own memory.
      this.regions.set(name, new Keyv<NearEntry>({ store, useKeyPrefix: false, serialize: undefined, deserialize: undefined }));
    }
  }

  async getMany(region: RegionName, keys: readonly string[]): Promise<(NearEntry | undefined)[]> {
    return await this.keyvOf(region).getMany<NearEntry>([...keys]);
  }

  async set(region: RegionName, key: string, entry: NearEntry, ttlMs: number): Promise<void> {
    await this.keyvOf(region).set(key, entry, ttlMs);
  }

  /** By its own estimate, over all regions. */
  get estimatedBytes(): number {
    return [...this.bounds.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private keyvOf(region: RegionName): Keyv<NearEntry> {
    const keyv = this.regions.get(region);
    if (!keyv) throw new Error(`There is no region ${region}.`);
    return keyv;
  }
}

interface Envelope {
  readonly value: NearEntry;
}

/** A store as Keyv takes it, that forgets what was not used for longest. */
class BoundedStore {
  private readonly entries: LRUCache<string, Envelope>;

  constructor(maxBytes: number) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ value }, key) => ENTRY_BYTES + 2 * key.length + BYTES_PER_CHARACTER * value.size,
    });
  }

  get bytes(): number {
    return this.entries.calculatedSize;
  }

  get(key: string): Envelope | undefined {
    return this.entries.get(key);
  }

  getMany(keys: readonly string[]): (Envelope | undefined)[] {
    return keys.map((key) => this.entries.get(key));
  }

  set(key: string, envelope: Envelope): void {
    this.entries.set(key, envelope);
  }

  delete(key: string): boolean {
    return this.entries.delete(key);
  }

  deleteMany(keys: readonly string[]): void {
    for (const key of keys) this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }
}
