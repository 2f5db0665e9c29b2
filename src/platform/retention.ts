import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../kernel/clock.js';
import { doubling, type Task } from './outbox/task.js';
import { EVERY_SHOP } from './tenancy.js';
import type { UnitOfWork } from './unit-of-work.js';

const HOUR_MS = 3_600_000;
const BATCH = 1_000;

/** What a room keeps for a time only. */
export interface RetentionRule {
  /** Forgets at most `limit` of what was needed last before then, in the entity manager's transaction; gives how many. What somebody holds is left for the next time. */
  readonly forget: (em: EntityManager, before: Date, limit: number) => Promise<number>;
  /** Undefined: for ever. */
  readonly keptMs: number | undefined;
}

/** Forgets what has been kept for long enough, of all shops, every hour, in transactions of a batch each. One rule that fails does not keep the others from it. */
export function retentionTask(
  { work, clock }: { readonly work: UnitOfWork; readonly clock: Clock },
  rules: readonly RetentionRule[],
  batch = BATCH,
): Task {
  const apply = async ({ keptMs, forget }: RetentionRule, signal: AbortSignal): Promise<void> => {
    if (keptMs === undefined) return;
    const before = new Date(clock.now().getTime() - keptMs);
    for (let count = batch; count === batch;) {
      signal.throwIfAborted();
      count = await work.run(EVERY_SHOP, ({ em }) => forget(em, before, batch));
    }
  };
  return {
    name: 'retention.sweep',
    concurrency: 1,
    everyMs: HOUR_MS,
    retryInMs: doubling(1_000, 1),
    run: async (_, signal) => {
      const failures: unknown[] = [];
      for (const rule of rules) await apply(rule, signal).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'Not all that is old was forgotten.');
    },
  };
}
