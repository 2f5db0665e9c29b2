import { FileIntake, fileRemoval, FileService, FileSweep, FileUrls } from '../features/files/index.js';
import type { Clock } from '../kernel/clock.js';
import type { Logger } from '../platform/log.js';
import type { UnitOfWork } from '../platform/unit-of-work.js';
import type { Adapters } from './adapters.js';

/** Everything that has to do with photos and documents. */
export function fileServices(
  work: UnitOfWork,
  clock: Clock,
  { files: { store, limits }, log }: { files: Adapters['files']; log: Logger },
) {
  const service = new FileService(work, clock, {
    ...{ store, limits, intake: new FileIntake(store) },
    report: (error) => {
      log.warn({ err: error }, 'the store of files does not answer');
    },
  });
  const sweep = new FileSweep({
    ...{ store, work, clock },
    report: (found) => {
      log.warn(found, 'files and what is known of them were made to agree');
    },
  });
  return { service, store, urls: new FileUrls(store, clock), sweep, tasks: [fileRemoval(store), sweep.task()] };
}
