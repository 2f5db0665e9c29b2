import type { Quantity } from '../../kernel/quantity.js';
import type { LevelCourse, LevelState } from './level-watch.port.js';
import type { StockLevel } from './stock-level.entity.js';

/** A level before the transaction changed it. */
export type LevelBefore = Pick<StockLevel, 'onHand' | 'reorderPoint' | 'version'>;

/** What a level is to whoever watches it. What is on hand can be promised, as nothing is reserved. */
export function stateOf({
  onHand,
  reorderPoint,
}: {
  readonly onHand: Quantity;
  readonly reorderPoint: Quantity | null;
}): LevelState {
  return { available: onHand, reorderPoint };
}

export function courseOf(levelId: string, before: LevelBefore, after: readonly LevelState[]): LevelCourse {
  return { levelId, isFresh: before.version === 0, states: [stateOf(before), ...after] };
}
