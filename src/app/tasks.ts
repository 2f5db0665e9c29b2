import type { Task } from '../platform/outbox/task.js';
import type { Services } from './services.js';

/** Everything that the outbox's workers can do; see hooks.ts for what sets it off. */
export function createTasks({ alertUpkeep, notifications, productLookups, webhooks, files }: Services): readonly Task[] {
  const { fanOut, dispatch, upkeep } = webhooks;
  const { fanOut: notify, sender } = notifications;
  return [
    notify.task(),
    ...sender.tasks(),
    notifications.sweep.task(),
    fanOut.task,
    dispatch.task,
    ...upkeep.tasks,
    ...files.tasks,
    ...alertUpkeep.tasks,
    ...(productLookups.isOn ? [productLookups.task()] : []),
  ];
}
