import type { DomainEvent } from '../../platform/outbox/job.js';
import type { AlertKind } from './alert-kind.js';

interface OfAnAlert extends DomainEvent {
  /** Row id. */
  readonly alertId: string;
  readonly kind: AlertKind;
  /** Kinds of events that endpoints of the shop listen to. */
  readonly webhookKinds: readonly string[];
  /** Whether anybody in the shop is to be told of alerts. */
  readonly notifies: boolean;
}

/** Something calls for somebody: emitted once for each alert. */
export interface AlertOpened extends OfAnAlert {
  readonly type: 'alert.opened';
}

/** The cause is gone, or the item or location was archived: emitted once for each alert, behind its opening where one transaction did both. */
export interface AlertResolved extends OfAnAlert {
  readonly type: 'alert.resolved';
}

export type AlertEvent = AlertOpened | AlertResolved;
