import type { DomainEvent } from '../../platform/outbox/job.js';

/** Scans of codes that nobody knows were kept: once for each batch of them, not for a scan that was kept before. */
export interface CodeParkedEvent extends DomainEvent {
  readonly type: 'code.parked';
  /** As naming them will look for them: a GTIN as 14 digits, other text as it is; each once. */
  readonly codes: readonly string[];
}
