import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgesOf, hasCause } from '../../../src/features/alerts/alert-edges.js';
import { ALERT_KINDS, type AlertKind } from '../../../src/features/alerts/index.js';
import type { LevelState } from '../../../src/features/stock/index.js';
import { quantity } from '../../../src/kernel/quantity.js';

function state(available: number | string, reorderPoint: number | null = null): LevelState {
  return { available: quantity(available), reorderPoint: reorderPoint === null ? null : quantity(reorderPoint) };
}

/** Edges of a level that is no new one, as `LOW_STOCK OPENS`. */
function edges(states: readonly LevelState[], isFresh = false): string[] {
  return edgesOf({ levelId: 'level', isFresh, states }).map(({ kind, change }) => `${kind} ${change}`);
}

describe('the edges', () => {
  test.each([
    ['at the point it is low', [state(6, 5), state(5, 5)], ['LOW_STOCK OPENS']],
    ['a hair above the point it is not', [state(6, 5), state('5.000001', 5)], []],
    ['lower than low is nothing new', [state(5, 5), state(4, 5)], []],
    ['above the point it is over', [state(5, 5), state('5.000001', 5)], ['LOW_STOCK RESOLVES']],
    ['at zero nothing is left', [state(1), state(0)], ['OUT_OF_STOCK OPENS']],
    ['from plenty to below zero is all three', [state(9, 5), state(-1, 5)], ALERT_KINDS.map((kind) => `${kind} OPENS`)],
    ['from zero to below is one', [state(0), state(-1)], ['NEGATIVE_STOCK OPENS']],
    ['from below zero to zero, too', [state(-1), state(0)], ['NEGATIVE_STOCK RESOLVES']],
    ['a rule that comes to a level at its point', [state(5), state(5, 5)], ['LOW_STOCK OPENS']],
    ['a rule that comes to a level above it', [state(6), state(6, 5)], []],
    ['a rule that asks for less', [state(5, 5), state(5, 4)], ['LOW_STOCK RESOLVES']],
    ['a rule that goes', [state(5, 5), state(5)], ['LOW_STOCK RESOLVES']],
    ['a point of zero is low where nothing is left', [state(1, 0), state(0, 0)], ['LOW_STOCK OPENS', 'OUT_OF_STOCK OPENS']],
    ['a dip within', [state(6, 5), state(5, 5), state(6, 5)], ['LOW_STOCK OPENS', 'LOW_STOCK RESOLVES']],
    [
      'two dips within',
      [state(6, 5), state(5, 5), state(6, 5), state(5, 5)],
      ['LOW_STOCK OPENS', 'LOW_STOCK RESOLVES', 'LOW_STOCK OPENS'],
    ],
    ['a level where nothing ever was stays so', [state(0), state(0)], []],
  ] as const)('%s', (_, states, expected) => {
    expect(edges(states)).toEqual(expected);
  });

  test('of a level that nothing has happened to, nothing ends before it began', () => {
    expect(edges([state(0), state(10)], true)).toEqual([]);
    expect(edges([state(0), state(10)], false)).toEqual(['OUT_OF_STOCK RESOLVES']);
    expect(edges([state(0), state(10), state(0), state(1)], true)).toEqual(['OUT_OF_STOCK OPENS', 'OUT_OF_STOCK RESOLVES']);
  });
});

const STATES = fc.array(
  fc.tuple(fc.integer({ min: -3, max: 8 }), fc.option(fc.integer({ min: 0, max: 6 }))).map((pair) => state(...pair)),
  { minLength: 1, maxLength: 12 },
);

/** What is open after each step, by a model that opens and closes one lamp for each kind and knows no edges. */
function lamps(states: readonly LevelState[]): Record<AlertKind, boolean[]> {
  const of = (kind: AlertKind): boolean[] => states.map((each) => hasCause(kind, each));
  return { LOW_STOCK: of('LOW_STOCK'), OUT_OF_STOCK: of('OUT_OF_STOCK'), NEGATIVE_STOCK: of('NEGATIVE_STOCK') };
}

describe('whatever a level goes through', () => {
  test('each kind opens and resolves in turn, and ends as its cause does', () => {
    fc.assert(
      fc.property(STATES, (states) => {
        const all = edgesOf({ levelId: 'level', isFresh: false, states });
        for (const kind of ALERT_KINDS) {
          const lit = lamps(states)[kind];
          const changes = all.filter((edge) => edge.kind === kind).map(({ change }) => change === 'OPENS');
          // As often as the lamp was switched, and each time to what it then showed.
          expect(changes).toEqual(lit.filter((is, index) => index > 0 && is !== lit[index - 1]));
        }
      }),
    );
  });

  test('it makes no difference to a later step where a transaction ended', () => {
    fc.assert(
      fc.property(STATES, fc.nat(), (states, cut) => {
        const at = cut % states.length;
        const whole = edgesOf({ levelId: 'level', isFresh: false, states });
        const parts = [states.slice(0, at + 1), states.slice(at)].flatMap((part) =>
          edgesOf({ levelId: 'level', isFresh: false, states: part }),
        );
        expect(parts).toEqual(whole);
      }),
    );
  });
});
