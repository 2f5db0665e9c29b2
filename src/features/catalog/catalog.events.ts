import type { DomainEvent } from '../../platform/outbox/job.js';

/** An item was added to the catalogue, changed (its barcodes are a part of it) or archived. */
export interface ItemChangedEvent extends DomainEvent {
  readonly type: 'item.changed';
  /** Row id. */
  readonly stockItemId: string;
  readonly change: 'CREATED' | 'UPDATED' | 'ARCHIVED';
  /** Kinds of events that endpoints of the shop listen to. */
  readonly webhookKinds: readonly string[];
}
