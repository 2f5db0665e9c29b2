import type { Transaction } from '../../platform/unit-of-work.js';

/** What this room asks of whoever keeps the levels before a location is archived. */
export interface LevelGuard {
  /**
   * Within the transaction: locks all levels of the location in the order in which every writer locks levels, so that nothing moves there
   * until the transaction ends, and counts those that hold stock (on hand is not 0). The caller holds the location's own lock.
   */
  lockAndCountOccupied(em: Transaction['em'], shopId: string, locationId: string): Promise<number>;
}
