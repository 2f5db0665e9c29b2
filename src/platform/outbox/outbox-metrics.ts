import { Counter, Gauge, type Registry } from 'prom-client';
import type { JobCounts } from './job-store.js';

const COUNTED_EVERY_MS = 10_000;

export type JobOutcome = 'done' | 'failed' | 'put_off' | 'set_aside';

/** Where workers tell what they do. `task` is a name in the program's text, never data. */
export interface OutboxMetrics {
  ended(task: string, outcome: JobOutcome): void;
  /** Until it is called nothing is known of what waits. */
  watch(counts: () => Promise<readonly JobCounts[]>): void;
}

export const NO_OUTBOX_METRICS: OutboxMetrics = { ended: () => undefined, watch: () => undefined };

export function createOutboxMetrics(registry: Registry): OutboxMetrics {
  const registers = [registry];
  const ended = new Counter({
    name: 'stockroom_outbox_jobs_total',
    help: 'Tries of jobs, by task and by how they ended: done, failed, put_off, set_aside.',
    labelNames: ['task', 'outcome'],
    registers,
  });
  const gauges = {
    waiting: gauge('stockroom_outbox_waiting', 'Jobs that wait for their time or are being done, of all instances.'),
    setAside: gauge('stockroom_outbox_set_aside', 'Jobs that nobody tries any more until somebody replays them.'),
    lateSeconds: gauge('stockroom_outbox_late_seconds', 'How long the job that is due for longest has waited.'),
  };
  function gauge(name: string, help: string): Gauge<'task'> {
    return new Gauge({ name, help, labelNames: ['task'], registers });
  }
  return {
    ended: (task, outcome) => {
      ended.inc({ task, outcome });
    },
    // One statement fills all three; it hangs on the first, which is always read with the others. However often metrics are read, it is not run
    // more often than every COUNTED_EVERY_MS: it looks at every job that waits.
    watch: (counts) => {
      let countedAtMs = -Infinity;
      Object.assign(gauges.waiting, {
        collect: async () => {
          if (performance.now() - countedAtMs < COUNTED_EVERY_MS) return;
          countedAtMs = performance.now();
          const found = await counts();
          for (const [name, each] of Object.entries(gauges)) {
            each.reset();
            for (const count of found) each.set({ task: count.task }, count[name as keyof typeof gauges]);
          }
        },
      });
    },
  };
}
