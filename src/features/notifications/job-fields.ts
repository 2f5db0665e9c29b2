import { isId } from '../../kernel/ids.js';
import { GiveUp, type RunningJob } from '../../platform/outbox/task.js';

/** The shop of a job, and the row id that its payload has under a name. Gives up on a job that nobody here has written. */
export function jobFields({ shopId, payload }: RunningJob, name: string): { shopId: string; id: string } {
  const id: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined;
  if (shopId === null || typeof id !== 'string' || !isId(id)) throw new GiveUp(`The job names no ${name}.`);
  return { shopId, id };
}
