import { FileIntake, fileRemoval, FileService, FileSweep, FileUrls, StoreOwner } from '../features/files/index.js';
import type { Clock } from '../kernel/clock.js';
import type { Logger } from '../platform/log.js';
import type { UnitOfWork } from '../platform/unit-of-work.js';
import type { Adapters } from './adapters.js';

const ALARMS = {
  ANOTHER_DATABASE:
    'no file was cleaned up: the marker in the store of files does not name this database; if the store is its own, write databaseId there',
  TOO_MANY_ORPHANS:
    'no file was cleaned up: the database does not know too much of what lies in the store; was it restored from an older backup?',
} as const;

/** Everything that has to do with photos and documents. */
export function fileServices(
  work: UnitOfWork,
  clock: Clock,
  { files: { store, limits }, log }: { files: Adapters['files']; log: Logger },
) {
  const owner = new StoreOwner(store, work);
  const service = new FileService(work, clock, {
    ...{ store, limits, owner, intake: new FileIntake(store) },
    report: (error) => {
      log.warn({ err: error }, 'the store of files does not answer');
    },
  });
  const sweep = new FileSweep({
    ...{ store, work, clock, owner },
    report: (found) => {
      log.warn(found, 'files and what is known of them were made to agree');
    },
    alarm: (what) => {
      log.error(what, ALARMS[what.why]);
    },
  });
  return { service, store, urls: new FileUrls(store, clock), sweep, tasks: [fileRemoval(store), sweep.task()] };
}
