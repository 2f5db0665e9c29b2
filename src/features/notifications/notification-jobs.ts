import type { Job } from '../../platform/outbox/job.js';
import type { AlertEvent } from '../alerts/index.js';
import type { Channel } from './notification-kinds.js';

export const FAN_OUT_TASK = 'notification.fan-out';
/** One for each way: a far side that does not answer holds up nobody but itself. */
export const SEND_TASKS: Readonly<Record<Channel, string>> = { EMAIL: 'notification.send.email', SMS: 'notification.send.sms' };

/** Tells those who listen, once an alert was opened. */
export function fanOutOf({ shopId, alertId }: Pick<AlertEvent, 'shopId' | 'alertId'>): Job[] {
  return [{ task: FAN_OUT_TASK, shopId, payload: { alert: alertId } }];
}

/** Of a notification one waits at a time. It has an id of its own, as a job of the same notification may have been set aside before. */
export function sendJob(shopId: string, channel: Channel, { id, dueAt }: { id: string; dueAt: Date }): Job {
  return { task: SEND_TASKS[channel], shopId, key: id, payload: { notification: id }, runAt: dueAt };
}
