export type { OperationsContext } from './operations.context.js';
export { OPERATIONS_REFUSALS } from './operations-refusals.js';
export { OutboxJobReader } from './outbox-job.reader.js';
export { OutboxJobResolver } from './outbox-job.resolver.js';
export { OutboxJobService } from './outbox-job.service.js';
