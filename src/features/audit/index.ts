export { actsOfMembers } from './acts-of-members.js';
export { AuditEntry } from './audit-entry.entity.js';
export { AuditEntryReader } from './audit-entry.reader.js';
export { forgetAddresses } from './audit-retention.repository.js';
export { AuditEntryResolver } from './audit-entry.resolver.js';
export type { AuditContext } from './audit.context.js';
