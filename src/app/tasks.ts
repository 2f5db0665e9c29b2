import type { Task } from '../platform/outbox/task.js';
import type { Services } from './services.js';

/** Everything that the outbox's workers can do; see hooks.ts for what sets it off. */
export function createTasks(_services: Services): readonly Task[] {
  return [];
}
