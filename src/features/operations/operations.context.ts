import type { AccessContext } from '../access/index.js';
import type { OutboxJobReader } from './outbox-job.reader.js';
import type { OutboxJobService } from './outbox-job.service.js';

/** What this room's resolvers need of a request. */
export interface OperationsContext extends AccessContext {
  readonly operations: {
    readonly reader: OutboxJobReader;
    readonly jobs: OutboxJobService;
  };
}
