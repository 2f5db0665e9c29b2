import type { RetentionConfig } from '../config/retention-settings.js';
import { AUDIT_ADDRESSES } from '../features/audit/index.js';
import { LOOKUPS, NAMED_SCANS, WAITING_SCANS } from '../features/barcode/index.js';
import type { RetentionRule } from '../platform/retention.js';

/** All that is kept for a time only, and for how long. What rooms sweep by a time of their own (messages, deliveries, uploads) is not here. */
export function retentionRules(kept: RetentionConfig): readonly RetentionRule[] {
  return [
    { ...AUDIT_ADDRESSES, keptMs: kept.addressesMs },
    { ...NAMED_SCANS, keptMs: kept.scansMs },
    { ...WAITING_SCANS, keptMs: kept.waitingScansMs },
    { ...LOOKUPS, keptMs: kept.lookupsMs },
  ];
}
