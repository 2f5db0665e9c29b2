import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor } from './actor.js';

/** What this room tells whoever keeps something of its locations. */
export interface LocationWatch {
  /** Within the transaction, which holds the locks of the location and of its levels: nothing lies there any more. */
  locationArchived(transaction: Transaction, actor: Actor, locationId: string, now: Date): Promise<void>;
}

/** Nobody watches. */
export const UNWATCHED_LOCATIONS: LocationWatch = { locationArchived: () => Promise.resolve() };
