import { expect, test } from 'vitest';
import { nextTryAt, triesEndAt } from '../../../src/features/webhooks/retry-schedule.js';

const BEGIN = new Date('2026-01-01T00:00:00Z');
const [SECOND, HOUR] = [1_000, 3_600_000];

/** When the tries come, in seconds from the first one on, for a receiver that always fails. */
function triesOf(random: number, retryAfterMs?: number): number[] {
  const tries = [0];
  for (let now: Date | undefined = BEGIN; ;) {
    now = nextTryAt({ failures: tries.length, triesFrom: BEGIN, now, retryAfterMs }, random);
    if (!now) return tries;
    tries.push((now.getTime() - BEGIN.getTime()) / SECOND);
  }
}

test('the tries come three times as far apart each time, then every 12 hours, the last one after 72 hours', () => {
  const tries = triesOf(0);
  expect(tries.slice(0, 9)).toEqual([0, 10, 40, 130, 400, 1_210, 3_640, 10_930, 32_800]);
  const halfDay = 12 * 3_600;
  expect(tries.slice(9)).toEqual([1, 2, 3, 4, 5].map((n) => 32_800 + n * halfDay).concat(72 * 3_600));
});

test('jitter makes them earlier, by a fifth at most, and the end stays', () => {
  const [late, early] = [triesOf(0), triesOf(1)];
  expect(early[1]).toBe(8);
  expect(early.at(-1)).toBe(late.at(-1));
  expect(new Set([0.1, 0.3, 0.7].map((random) => triesOf(random)[3])).size).toBe(3);
});

test('what the receiver asks for is waited for, but not beyond the end', () => {
  expect(triesOf(0, 3_600_000).slice(0, 3)).toEqual([0, 3_600, 7_200]);
  expect(triesOf(1, 10 * 365 * 24 * HOUR)).toEqual([0, 72 * 3_600]);
});

test('after the end there is no other try, however few there were', () => {
  const now = triesEndAt(BEGIN);
  expect(nextTryAt({ failures: 1, triesFrom: BEGIN, now })).toBeUndefined();
});
