import type { Region, RegionName } from './region.js';

/**
 * What one request reads through the cache. It asks for a stamp once: everything that was acknowledged before the request began is in what it
 * reads, and what is acknowledged later need not be. After a mutation a request begins a new session.
 */
export interface CacheSession {
  /**
   * Values in the order of the ids; undefined where there is none. `load` asks the database for those that are not cached, in the order of the
   * ids it is given; it is handed each id once. One round trip to the shared cache at the most, two where something has to be loaded.
   */
  getMany<Id, Value>(region: Region<Id, Value>, ids: readonly Id[], load: LoadMany<Id, Value>): Promise<(Value | undefined)[]>;
  /** Whether the region is cached at this moment: where it is not, a reader need not load more than it was asked for. */
  isCaching(region: RegionName): boolean;
}

export type LoadMany<Id, Value> = (ids: readonly Id[]) => Promise<readonly (Value | undefined)[]>;

/** Asks the database always. */
export const UNCACHED: CacheSession = {
  getMany: async (_region, ids, load) => [...(await load(ids))],
  isCaching: () => false,
};
