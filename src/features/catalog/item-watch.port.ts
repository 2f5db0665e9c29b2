import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';

/** What this room tells whoever keeps something of its items. */
export interface ItemWatch {
  /** Within the transaction, which holds the item's lock: nobody buys or sells it any more. It may lock levels. */
  itemArchived(transaction: Transaction, actor: Actor, itemId: string, now: Date): Promise<void>;
}

/** Nobody watches. */
export const UNWATCHED_ITEMS: ItemWatch = { itemArchived: () => Promise.resolve() };
