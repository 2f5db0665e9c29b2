import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheWatch } from './cache-watch.js';
import type { Cluster } from './cluster.js';
import type { Window } from './latencies.js';

/** The time after a fault began in which calls are counted apart. */
const FAULT_WINDOW_MS = 1_000;

/** The time of one phase, and the faults in it. */
export class Stage {
  /** Those of a phase, by what was done. */
  readonly faults = new Map<string, number>();
  private faultAt = -Infinity;
  private readonly endsAt: number;

  constructor(
    readonly cluster: Cluster,
    private readonly watch: CacheWatch,
    ms: number,
  ) {
    this.endsAt = performance.now() + ms;
  }

  goesOn(): boolean {
    return performance.now() < this.endsAt;
  }

  /** Ends early when the phase does. */
  async pause(ms: number): Promise<void> {
    const left = this.endsAt - performance.now();
    if (left > 0) await sleep(Math.min(ms, left));
  }

  faultBegins(what: string): void {
    this.faults.set(what, (this.faults.get(what) ?? 0) + 1);
    this.faultAt = performance.now();
    this.watch.faultBegins();
  }

  faultIsOver(): void {
    this.watch.faultIsOver();
  }

  /** Of a call that begins now. */
  window(): Window {
    return performance.now() - this.faultAt < FAULT_WINDOW_MS ? 'fault' : 'rest';
  }
}
