import type { Job } from '../../platform/outbox/job.js';
import type { AlertEvent } from '../alerts/index.js';

export const FAN_OUT_TASK = 'notification.fan-out';
export const SEND_TASK = 'notification.send';

/** Tells those who listen, once an alert was opened. */
export function fanOutOf({ shopId, alertId }: Pick<AlertEvent, 'shopId' | 'alertId'>): Job[] {
  return [{ task: FAN_OUT_TASK, shopId, payload: { alert: alertId } }];
}

/** The notification's id is the job's, and goes to the far side with every try. */
export function sendJob(shopId: string, id: string, runAt: Date): Job {
  return { task: SEND_TASK, shopId, id, key: id, payload: { notification: id }, runAt };
}
