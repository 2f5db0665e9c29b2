import type { Verdict } from './outbox-checker.js';

/** How soon what a killed process held must have been sent again. */
const REDELIVERED_MS = 60_000;

/** A line each; empty where all is well. */
export function problemsOf({ place, missing, otherIds, slowestMs, setAside, movements }: Verdict): string[] {
  const problems: [boolean, string][] = [
    [movements === 0, 'nothing was sold'],
    [missing > 0, `${String(missing)} movements that the far side never heard of`],
    [otherIds > 0, `${String(otherIds)} movements that were told under different ids`],
    [slowestMs > REDELIVERED_MS, `redelivered only after ${String(slowestMs)} ms`],
    [setAside > 0, `${String(setAside)} jobs set aside`],
  ];
  return problems.filter(([is]) => is).map(([, text]) => `${place}: ${text}`);
}

export function lineOf({ place, kills, movements, missing, duplicates, otherIds, slowestMs }: Verdict): string {
  const told = `${String(movements)} movements, ${String(missing)} missing, ${String(duplicates)} told twice, ${String(otherIds)} under another id`;
  return `${place}: killed ${String(kills)} times; ${told}; slowest ${(slowestMs / 1000).toFixed(1)} s`;
}
