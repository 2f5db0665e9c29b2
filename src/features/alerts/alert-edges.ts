import type { LevelCourse, LevelState } from '../stock/index.js';
import { ALERT_KINDS, type AlertKind } from './alert-kind.js';

/** Where a kind's cause came about, or went away. */
export interface AlertEdge {
  readonly levelId: string;
  readonly kind: AlertKind;
  readonly change: 'OPENS' | 'RESOLVES';
}

const CAUSES: Readonly<Record<AlertKind, (state: LevelState) => boolean>> = {
  LOW_STOCK: ({ available, reorderPoint }) => reorderPoint !== null && available.lte(reorderPoint),
  OUT_OF_STOCK: ({ available }) => available.lte(0),
  NEGATIVE_STOCK: ({ available }) => available.lt(0),
};

/** Whether the state is one that calls for somebody. */
export function hasCause(kind: AlertKind, state: LevelState): boolean {
  return CAUSES[kind](state);
}

/**
 * Each place where a level passed from a state without the cause to one with it, or back, in the order of its steps. Of one kind they
 * alternate. A level that begins in a state opens nothing by staying in it: an empty place is not out of stock before it held any.
 */
export function edgesOf({ levelId, isFresh, states }: LevelCourse): AlertEdge[] {
  const edges: AlertEdge[] = [];
  const opened = new Set<AlertKind>();
  for (const [index, after] of states.entries()) {
    const before = states[index - 1];
    if (!before) continue;
    for (const kind of ALERT_KINDS) {
      const is = CAUSES[kind](after);
      if (is === CAUSES[kind](before)) continue;
      if (is) opened.add(kind);
      // Nothing can be open of a level that nothing has happened to.
      if (is || !isFresh || opened.has(kind)) edges.push({ levelId, kind, change: is ? 'OPENS' : 'RESOLVES' });
    }
  }
  return edges;
}
