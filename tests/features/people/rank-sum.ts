/** Beyond it a difference so large comes of itself once in a thousand checks (two sides of the normal distribution). */
export const RARE_Z = 3.29;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = sorted.slice(sorted.length % 2 === 0 ? middle - 1 : middle, middle + 1);
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}

/**
 * How far two samples are from being of one kind, in standard deviations: of the rank sum of the first (Wilcoxon 1945; Mann and Whitney 1947), by its normal
 * approximation, which holds from some twenty of each on. Positive where the first are larger.
 */
export function rankSumZ(first: readonly number[], second: readonly number[]): number {
  const all = [...first.map((value) => ({ value, isFirst: true })), ...second.map((value) => ({ value, isFirst: false }))];
  const sorted = all.toSorted((a, b) => a.value - b.value);
  let sum = 0;
  for (let start = 0; start < sorted.length;) {
    const value = sorted[start]?.value;
    let end = start;
    while (end < sorted.length && sorted[end]?.value === value) end += 1;
    // Equal ones share the mean of their ranks, which begin with 1.
    const rank = (start + 1 + end) / 2;
    sum += rank * sorted.slice(start, end).filter(({ isFirst }) => isFirst).length;
    start = end;
  }
  const [n, m] = [first.length, second.length];
  return (sum - (n * (n + m + 1)) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** Within what the ratio of two medians lies in 95 of 100 cases: by drawing both samples anew so often (the percentile bootstrap, Efron 1979). */
export function ratioOfMedians(
  first: readonly number[],
  second: readonly number[],
  draws = 2_000,
): { ratio: number; low: number; high: number } {
  const drawn = (sample: readonly number[]): number[] => sample.map(() => sample[Math.floor(Math.random() * sample.length)] ?? 0);
  const ratios = Array.from({ length: draws }, () => median(drawn(first)) / median(drawn(second))).toSorted((a, b) => a - b);
  const at = (share: number): number => ratios[Math.floor(share * (draws - 1))] ?? Number.NaN;
  return { ratio: median(first) / median(second), low: at(0.025), high: at(0.975) };
}
