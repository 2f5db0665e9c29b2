import type { Clock } from '../../kernel/clock.js';
import { doubling, type Task } from '../../platform/outbox/task.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { jobFields } from './job-fields.js';
import { NotificationRecipientRepository } from './notification-recipient.repository.js';
import { listenerKey, NotificationRepository, type CollectingTimes } from './notification.repository.js';
import { FAN_OUT_TASK, sendJob } from './notification-jobs.js';

const CONCURRENCY = 4;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 300_000;
const TRIES = 40;
/** Of the calm that a burst has to come to, how many make a window; and how many windows a burst is waited for. */
const CALMS_PER_WINDOW = 6;
const MAX_WINDOWS = 5;

/** See NOTIFICATION_WINDOW_S: what comes within it is one message, and so is a longer burst, up to five windows. */
export function collectingTimes(windowMs: number): CollectingTimes {
  return { windowMs, calmMs: Math.ceil(windowMs / CALMS_PER_WINDOW), maxMs: MAX_WINDOWS * windowMs };
}

/** Puts an alert into the open notification of each person who listens to it, by each of his channels. */
export class FanOutService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly times: CollectingTimes,
  ) {}

  /** In one transaction; run again, it changes nothing. */
  fanOut(shopId: string, alertId: string): Promise<void> {
    // Two that run at once for one alert meet at the notice's key: the loser begins again and finds it there.
    return this.work.run((transaction) => this.fanOutIn(transaction, shopId, alertId), { racedKeys: ['alert_notice_pkey'] });
  }

  task(): Task {
    return {
      name: FAN_OUT_TASK,
      concurrency: CONCURRENCY,
      retryInMs: doubling(FIRST_RETRY_MS, TRIES, MAX_RETRY_MS),
      run: async (job) => {
        const { shopId, id } = jobFields(job, 'alert');
        await this.fanOut(shopId, id);
      },
    };
  }

  private async fanOutIn(transaction: Transaction, shopId: string, alertId: string): Promise<void> {
    const listeners = await new NotificationRecipientRepository(transaction.em, shopId).listenersTo(alertId);
    const notifications = new NotificationRepository(transaction.em, shopId);
    const noted = await notifications.noted(alertId);
    // In the order of recipient and channel, as everybody: so that two wait for each other in one direction only.
    for (const listener of listeners) {
      if (noted.has(listenerKey(listener))) continue;
      const now = this.clock.now();
      const open = await notifications.collecting(listener, now, this.times);
      await notifications.note(alertId, listener, open.id, now);
      // Also of one that collected before: who was to send that may have been set aside.
      transaction.enqueue(sendJob(shopId, listener.channel, open));
    }
  }
}
