import { z } from 'zod';
import type { Job } from '../../platform/outbox/job.js';
import { doubling, GiveUp, type Task } from '../../platform/outbox/task.js';
import type { FileStore } from './file-store.port.js';
import type { FileRemovedEvent } from './files.events.js';

const FILE_REMOVE = 'file.remove';
const CONCURRENCY = 2;
/** Some two hours of a store that is down; after that the sweep finds what is left. */
const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 600_000;
const TRIES = 20;

const Payload = z.object({ objectKeys: z.array(z.string()) });

/** What follows from a file's removal: its objects go too, after the commit and never before it. */
export function removalOf({ shopId, objectKeys }: FileRemovedEvent): readonly Job[] {
  return objectKeys.length === 0 ? [] : [{ task: FILE_REMOVE, shopId, payload: { objectKeys } }];
}

/** Removes objects from the store. What is gone already is no matter, so that it can be done again. */
export function fileRemoval(store: FileStore): Task {
  return {
    name: FILE_REMOVE,
    concurrency: CONCURRENCY,
    retryInMs: doubling(FIRST_RETRY_MS, TRIES, MAX_RETRY_MS),
    run: async ({ payload }, signal) => {
      const { data } = Payload.safeParse(payload);
      if (!data) throw new GiveUp('this job does not name the objects that it removes');
      for (const key of data.objectKeys) {
        signal.throwIfAborted();
        await store.remove(key);
      }
    },
  };
}
