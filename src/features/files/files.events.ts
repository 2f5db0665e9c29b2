import type { DomainEvent } from '../../platform/outbox/job.js';

/** No row names these objects any more, so that they may go. */
export interface FileRemovedEvent extends DomainEvent {
  readonly type: 'file.removed';
  readonly objectKeys: readonly string[];
}
