import type { RetentionConfig } from '../config/retention-settings.js';
import { forgetAddresses } from '../features/audit/index.js';
import { forgetLookUps, forgetNamedScans, forgetWaitingScans } from '../features/barcode/index.js';
import { forgetInvitations, forgetSessions } from '../features/people/index.js';
import type { RetentionRule } from '../platform/retention.js';

/** All that is kept for a time only, and for how long. What rooms sweep by a time of their own (messages, deliveries, uploads) is not here. */
export function retentionRules(kept: RetentionConfig): readonly RetentionRule[] {
  return [
    { forget: forgetAddresses, keptMs: kept.addressesMs },
    { forget: forgetNamedScans, keptMs: kept.scansMs },
    { forget: forgetWaitingScans, keptMs: kept.waitingScansMs },
    { forget: forgetLookUps, keptMs: kept.lookupsMs },
    { forget: forgetSessions, keptMs: kept.sessionsMs },
    { forget: forgetInvitations, keptMs: kept.invitationsMs },
  ];
}
