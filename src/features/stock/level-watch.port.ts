import type { Quantity } from '../../kernel/quantity.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';

/** What of a level may call for somebody: what can be promised, and the point at which it is to be bought again, if it has a rule. */
export interface LevelState {
  readonly available: Quantity;
  readonly reorderPoint: Quantity | null;
}

/** What one transaction did to a level, step by step: a level that dips and recovers within it did dip. */
export interface LevelCourse {
  readonly levelId: string;
  /** No movement and no rule came before: nobody can have been called for it yet. */
  readonly isFresh: boolean;
  /** As it was before, and as it was after each step. */
  readonly states: readonly LevelState[];
}

/** What this room tells whoever watches the levels. */
export interface LevelWatch {
  /**
   * Within the transaction that changed these levels, which holds their locks and will not be discarded. It may write and emit, and locks
   * no level. Where no level passed anything that matters it runs no statement.
   */
  follow(transaction: Transaction, actor: Actor, courses: readonly LevelCourse[], now: Date): Promise<void>;
}

/** Nobody watches. */
export const UNWATCHED: LevelWatch = { follow: () => Promise.resolve() };
