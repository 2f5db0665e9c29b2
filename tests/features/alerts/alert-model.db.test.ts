import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasCause } from '../../../src/features/alerts/alert-edges.js';
import { ALERT_KINDS } from '../../../src/features/alerts/index.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { AlertBench } from './alert-bench.js';

const RUNS = 25;

let bench: AlertBench;
beforeAll(async () => {
  // Without a floor, so that a level can go below zero.
  bench = await AlertBench.open({ items: RUNS, stockFloor: null });
});
afterAll(() => bench.database.drop());

type Step = { readonly acts: readonly (readonly ['SALE' | 'RECEIPT' | 'COUNT', number])[] } | { readonly point: number | null };

const ACT = fc.tuple(fc.constantFrom('SALE' as const, 'RECEIPT' as const, 'COUNT' as const), fc.integer({ min: 1, max: 6 }));
const BATCH = fc.record({ acts: fc.array(ACT, { minLength: 1, maxLength: 5 }) });
const POINT = fc.record({ point: fc.option(fc.integer({ min: 0, max: 6 })) });
/** Sales, receipts and counts of one level in batches, with rules that come, change and go between. */
const STEPS: fc.Arbitrary<Step[]> = fc.array(fc.oneof({ weight: 3, arbitrary: BATCH }, { weight: 1, arbitrary: POINT }), {
  minLength: 1,
  maxLength: 5,
});

test('whatever is done, what is open and what is told is what a model says that knows no batches', async () => {
  await fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      const id = bench.freshItem();
      let state = { available: quantity(0), reorderPoint: null as ReturnType<typeof quantity> | null };
      const expected: string[] = [];
      const moveTo = (next: typeof state): void => {
        for (const kind of ALERT_KINDS) {
          const [was, is] = [hasCause(kind, state), hasCause(kind, next)];
          const isEmptyFromTheStart = was && !expected.includes(`opened ${kind}`);
          if (was !== is && !isEmptyFromTheStart) expected.push(`${is ? 'opened' : 'resolved'} ${kind}`);
        }
        state = next;
      };
      bench.heard();
      for (const step of steps) {
        if ('acts' in step) {
          const acts = step.acts.map(([kind, amount]) => bench.act(kind, id, amount));
          for (const [kind, amount] of step.acts) {
            const after = kind === 'COUNT' ? quantity(amount) : state.available.plus(kind === 'SALE' ? -amount : amount);
            moveTo({ ...state, available: after });
          }
          await bench.movements.post(bench.shop.actor, acts, { atomic: true });
        } else {
          moveTo({ ...state, reorderPoint: step.point === null ? null : quantity(step.point) });
          if (step.point === null) await bench.rules.remove(bench.shop.actor, bench.placeOf(id));
          else await bench.setRule(id, step.point);
        }
      }
      expect(bench.heard()).toEqual(expected);
      const open =
        expected.filter((each) => each.startsWith('opened')).length -
        expected.filter((each) => each.startsWith('resolved')).length;
      const opened = await bench.openOf(id);
      expect([opened.length, new Set(opened).size]).toEqual([open, open]);
      expect(await bench.upkeep.walk(new AbortController().signal)).toEqual({ opened: 0, resolved: 0 });
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
