import { isId } from '../../kernel/ids.js';
import { GiveUp, type RunningJob } from '../../platform/outbox/task.js';

/** The shop of a job, and the row id that its payload has under a name. Gives up on a job that nobody here has written. */
export function jobFields({ shopId, payload }: RunningJob, name: string): { shopId: string; id: string } {
  const id = fieldOf(payload, name);
  if (shopId === null || typeof id !== 'string' || !isId(id)) throw new GiveUp(`The job names no ${name}.`);
  return { shopId, id };
}

/** The shop of a job, and the row ids that its payload has under a name. Gives up as jobFields does. */
export function jobLists({ shopId, payload }: RunningJob, name: string): { shopId: string; ids: string[] } {
  const ids = fieldOf(payload, name);
  const areIds = Array.isArray(ids) && ids.every((id: unknown): id is string => typeof id === 'string' && isId(id));
  if (shopId === null || !areIds) throw new GiveUp(`The job names no ${name}.`);
  return { shopId, ids };
}

function fieldOf(payload: unknown, name: string): unknown {
  return typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined;
}
