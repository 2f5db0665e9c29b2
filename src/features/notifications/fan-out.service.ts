import type { Clock } from '../../kernel/clock.js';
import { doubling, type Task } from '../../platform/outbox/task.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { jobLists } from './job-fields.js';
import { listenerKey, NotificationRecipientRepository, type Listener } from './notification-recipient.repository.js';
import { NotificationRepository, type CollectingTimes } from './notification.repository.js';
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

/** Puts alerts into the open notification of each person who listens to them, by each of his channels. */
export class FanOutService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly times: CollectingTimes,
  ) {}

  /** In one transaction, of as many statements for many as for one; run again, it changes nothing. */
  fanOut(shopId: string, alertIds: readonly string[]): Promise<void> {
    // Two that run at once for one alert meet at the notice's key: the loser begins again and finds it there.
    return this.work.run({ shopId }, (transaction) => this.fanOutIn(transaction, shopId, alertIds), {
      racedKeys: ['alert_notice_pkey'],
    });
  }

  task(): Task {
    return {
      name: FAN_OUT_TASK,
      concurrency: CONCURRENCY,
      retryInMs: doubling(FIRST_RETRY_MS, TRIES, MAX_RETRY_MS),
      run: async (job) => {
        const { shopId, ids } = jobLists(job, 'alerts');
        await this.fanOut(shopId, ids);
      },
    };
  }

  private async fanOutIn(transaction: Transaction, shopId: string, alertIds: readonly string[]): Promise<void> {
    const found = await new NotificationRecipientRepository(transaction.em, shopId).listenersTo(alertIds);
    if (found.length === 0) return;
    const notifications = new NotificationRepository(transaction.em, shopId);
    const now = this.clock.now();
    const open = await notifications.collecting(onceEach(found), now, this.times);
    const notices = found.map((listener) => {
      const notification = open.get(listenerKey(listener));
      if (!notification) throw new Error('An open notification could be neither found nor made.');
      return { ...listener, notificationId: notification.id };
    });
    await notifications.note(notices, now);
    // Also of one that collected before: who was to send that may have been set aside.
    for (const notification of open.values()) transaction.enqueue(sendJob(shopId, notification.channel, notification));
  }
}

function onceEach(listeners: readonly Listener[]): Listener[] {
  return [...new Map(listeners.map((listener) => [listenerKey(listener), listener])).values()];
}
