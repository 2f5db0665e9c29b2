import { expect, test } from 'vitest';
import { median, RARE_Z, rankSumZ, ratioOfMedians } from './rank-sum.js';

const upTo = (count: number, plus = 0): number[] => Array.from({ length: count }, (_, n) => n + plus);

test('a median is the middle, or between the two middle ones', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

test('samples of one kind are near to each other, those of two are not; the sign says which is larger', () => {
  expect(rankSumZ(upTo(50), upTo(50))).toBe(0);
  expect(rankSumZ([1, 2, 3], [1, 2, 3])).toBe(0);
  expect(rankSumZ(upTo(50, 30), upTo(50))).toBeGreaterThan(RARE_Z);
  expect(rankSumZ(upTo(50), upTo(50, 30))).toBeLessThan(-RARE_Z);
  // Four of each, none above any other: 10 against a mean of 18, whose deviation is the root of 12.
  expect(rankSumZ([1, 2, 3, 4], [5, 6, 7, 8])).toBeCloseTo(-8 / Math.sqrt(12), 10);
});

test('a ratio lies within its interval, which is narrow where the samples are', () => {
  const [first, second] = [upTo(200, 2_000), upTo(200, 1_000)];
  const { ratio, low, high } = ratioOfMedians(first, second);
  expect(ratio).toBeCloseTo(2_099.5 / 1_099.5, 10);
  expect(low).toBeGreaterThan(1.85);
  expect(high).toBeLessThan(1.97);
  expect([low <= ratio, ratio <= high]).toEqual([true, true]);
});
