import type { Clock } from '../../kernel/clock.js';
import { doubling, type Task } from '../../platform/outbox/task.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { sweepBatch } from './notification-sweep.repository.js';
import { SWEEP_TASK } from './notification-jobs.js';

const HOUR_MS = 3_600_000;
const KEPT_MS = 90 * 24 * HOUR_MS;
const BATCH = 500;

/** Forgets what was told long ago, with its notices, so that the alerts can go after them. Also what nobody has sent in all that time. */
export class NotificationSweep {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly batch = BATCH,
  ) {}

  task(): Task {
    const run = async (_: unknown, signal: AbortSignal): Promise<void> => {
      await this.sweep(signal);
    };
    return { name: SWEEP_TASK, concurrency: 1, everyMs: HOUR_MS, retryInMs: doubling(1_000, 1), run };
  }

  /** In transactions of a batch each; gives how many notifications went. */
  async sweep(signal: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    let total = 0;
    for (const old of ['closed_at < ?', 'closed_at is null and created_at < ?']) {
      for (let count = this.batch; count === this.batch; total += count) {
        signal.throwIfAborted();
        count = await this.work.run(EVERY_SHOP, ({ em }) => sweepBatch(em, old, before, this.batch));
      }
    }
    return total;
  }
}
