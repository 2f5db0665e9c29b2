import type { Clock } from '../../kernel/clock.js';
import type { RunningJob, Task } from '../../platform/outbox/task.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { sweepDeliveries, WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { retryWithin } from './webhook-fan-out.js';
import { REPLAY_TASK, sendJob, SWEEP_TASK, type ReplayPayload } from './webhook-jobs.js';

const BATCH = 500;
const SWEEP_EVERY_MS = 3_600_000;

const DAY_MS = 24 * 3_600_000;
/** What was delivered is kept for looking at; what was not, for being sent again. */
const RETENTION: WebhookRetention = { deliveredMs: 30 * DAY_MS, deadMs: 90 * DAY_MS };

/** How long deliveries are kept after their end. */
export interface WebhookRetention {
  readonly deliveredMs: number;
  readonly deadMs: number;
}

/** What is done to many deliveries at once, in transactions of at most BATCH. */
export class WebhookUpkeep {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly retention = RETENTION,
  ) {}

  get tasks(): readonly Task[] {
    return [
      { name: REPLAY_TASK, concurrency: 1, retryInMs: retryWithin, run: (job, signal) => this.replay(job, signal) },
      {
        name: SWEEP_TASK,
        concurrency: 1,
        everyMs: SWEEP_EVERY_MS,
        retryInMs: retryWithin,
        run: async (_, signal) => {
          await this.sweep(signal);
        },
      },
    ];
  }

  /** Has what an endpoint was not told until then sent again. */
  async replay({ shopId, payload }: Pick<RunningJob, 'shopId' | 'payload'>, signal: AbortSignal): Promise<void> {
    if (shopId === null) throw new TypeError('An endpoint belongs to a shop.');
    const { endpoint, until } = payload as ReplayPayload;
    await inBatches(signal, () =>
      this.work.run({ shopId }, async (transaction) => {
        const deliveries = new WebhookDeliveryRepository(transaction.em, shopId);
        const ids = await deliveries.replayDead(endpoint, { until: new Date(until), now: this.clock.now() }, BATCH);
        for (const id of ids) transaction.enqueue(sendJob(shopId, endpoint, id));
        return ids.length;
      }),
    );
  }

  /** Deletes what ended long enough ago; gives how many. */
  async sweep(signal: AbortSignal): Promise<number> {
    const nowMs = this.clock.now().getTime();
    const { deliveredMs, deadMs } = this.retention;
    const delivered = new Date(nowMs - deliveredMs);
    const dead = new Date(nowMs - deadMs);
    const swept = await inBatches(signal, () =>
      this.work.run(EVERY_SHOP, ({ em }) => sweepDeliveries(em, 'DELIVERED', delivered, BATCH)),
    );
    return (
      swept + (await inBatches(signal, () => this.work.run(EVERY_SHOP, ({ em }) => sweepDeliveries(em, 'DEAD', dead, BATCH))))
    );
  }
}

/** Until one was not full; gives how many there were. */
async function inBatches(signal: AbortSignal, act: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    signal.throwIfAborted();
    const count = await act();
    total += count;
    if (count < BATCH) return total;
  }
}
