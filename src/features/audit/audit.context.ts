import type { AccessContext } from '../access/index.js';
import type { AuditEntryReader } from './audit-entry.reader.js';

/** What this room's resolvers need of a request. */
export interface AuditContext extends AccessContext {
  readonly audit: {
    readonly reader: AuditEntryReader;
  };
}
