import type { Job } from '../../platform/outbox/job.js';
import type { AlertEvent } from '../alerts/index.js';
import type { Channel } from './notification-kinds.js';

export const FAN_OUT_TASK = 'notification.fan-out';
export const SWEEP_TASK = 'notification.sweep';
/** One for each way: a far side that does not answer holds up nobody but itself. */
export const SEND_TASKS: Readonly<Record<Channel, string>> = { EMAIL: 'notification.send.email', SMS: 'notification.send.sms' };

/** So many alerts are told in one transaction. */
export const MAX_ALERTS_OF_JOB = 200;

/** Tells those who listen, once an alert was opened; nothing where nobody in the shop does. */
export function fanOutOf({ shopId, alertId, notifies }: Pick<AlertEvent, 'shopId' | 'alertId' | 'notifies'>): Job[] {
  return notifies ? [fanOut(shopId, [alertId])] : [];
}

/** Of jobs that are written together, those that fan out become one for each shop and MAX_ALERTS_OF_JOB; the others stay. */
export function foldFanOuts(jobs: readonly Job[]): readonly Job[] {
  const alertsOf = new Map<string, string[]>();
  const others: Job[] = [];
  for (const job of jobs) {
    if (job.task !== FAN_OUT_TASK) {
      others.push(job);
      continue;
    }
    const alerts = alertsOf.get(job.shopId) ?? [];
    alerts.push(...(job.payload as unknown as FanOutPayload).alerts);
    alertsOf.set(job.shopId, alerts);
  }
  if (alertsOf.size === 0) return jobs;
  const folded = [...alertsOf].flatMap(([shopId, alerts]) => chunksOf(alerts).map((chunk) => fanOut(shopId, chunk)));
  return [...folded, ...others];
}

/** Row ids of alerts. */
interface FanOutPayload {
  readonly alerts: readonly string[];
}

function fanOut(shopId: string, alerts: readonly string[]): Job {
  const payload: FanOutPayload = { alerts };
  return { task: FAN_OUT_TASK, shopId, payload: { ...payload } };
}

function chunksOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / MAX_ALERTS_OF_JOB);
  return Array.from({ length: count }, (_, n) => ids.slice(n * MAX_ALERTS_OF_JOB, (n + 1) * MAX_ALERTS_OF_JOB));
}

/** Of a notification one waits at a time. It has an id of its own, as a job of the same notification may have been set aside before. */
export function sendJob(shopId: string, channel: Channel, { id, dueAt }: { id: string; dueAt: Date }): Job {
  return { task: SEND_TASKS[channel], shopId, key: id, payload: { notification: id }, runAt: dueAt };
}
