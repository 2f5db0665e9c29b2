import type { Task } from '../platform/outbox/task.js';
import { fromOrigin } from '../platform/request-origin.js';
import type { Services } from './services.js';

/** Everything that the outbox's workers can do; see hooks.ts for what sets it off. */
export function createTasks({ alertUpkeep, notifications, people, productLookups, webhooks, files }: Services): readonly Task[] {
  const { fanOut, dispatch, upkeep } = webhooks;
  const { fanOut: notify, sender } = notifications;
  const tasks: readonly Task[] = [
    notify.task(),
    ...sender.tasks(),
    notifications.sweep.task(),
    fanOut.task,
    dispatch.task,
    ...upkeep.tasks,
    ...people.tasks,
    ...files.tasks,
    ...alertUpkeep.tasks,
    ...(productLookups.isOn ? [productLookups.task()] : []),
  ];
  return tasks.map(withOrigin);
}

/** What a job changes comes from its task. */
function withOrigin(task: Task): Task {
  return { ...task, run: (job, signal) => fromOrigin({ operation: task.name }, () => task.run(job, signal)) };
}
