import type { DomainEvent } from '../../platform/outbox/job.js';

/** Lines were added to the ledger, by one posting. Acts that were done before, refused or only tried add none. */
export interface MovementPostedEvent extends DomainEvent {
  readonly type: 'movement.posted';
  /** Row ids, in the order in which they were written. */
  readonly movementIds: readonly string[];
  /** Kinds of events that endpoints of the shop listen to. */
  readonly webhookKinds: readonly string[];
}
