export type Kind = 'read' | 'write';
/** In the first second after a fault began, or at any other time. */
export type Window = 'fault' | 'rest';

export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const MEDIAN = 0.5;
const HIGH = 0.99;

/** How long calls took. */
export class Latencies {
  private readonly taken = new Map<string, number[]>();

  add(kind: Kind, window: Window, ms: number): void {
    const key = kind + window;
    const list = this.taken.get(key);
    if (list) list.push(ms);
    else this.taken.set(key, [ms]);
  }

  /** Undefined where nothing was measured. */
  percentiles(kind: Kind, window: Window): Percentiles | undefined {
    const sorted = Float64Array.from(this.taken.get(kind + window) ?? []).sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return sorted.length === 0 ? undefined : { p50Ms: at(MEDIAN), p99Ms: at(HIGH) };
  }
}
