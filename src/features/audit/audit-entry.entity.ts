import { defineEntity, p } from '@mikro-orm/core';
import type { AuditAction } from '../../platform/audit/audit-note.js';
import { declaredTrigger, instantColumn } from '../../platform/columns.js';
import { Principal, Shop } from '../access/index.js';

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    // No foreign key: each would lock the shop's row to the end of its transaction.
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').createForeignKeyConstraint(false),
    id: p.uuid().primary(),
    at: instantColumn(),
    /** The mutation, or the task of a job; null for a command and the like. */
    operation: p.text().nullable(),
    action: p.text().$type<AuditAction>(),
    subjectType: p.text(),
    subjectId: p.uuid().nullable(),
    fields: p.array().columnType('text[]').default([]),
    count: p.integer().default(1),
    /** Null where the program did it by itself. */
    actor: () =>
      p
        .manyToOne(Principal)
        .joinColumns('shop_id', 'actor_id')
        .ownColumns('actor_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    /** Forgotten after a time, the request's id with it. */
    address: p.text().nullable(),
    requestId: p.text().nullable(),
  },
  indexes: [
    { name: 'audit_entry_subject_index', properties: ['shopId', 'subjectId', 'id'] },
    { name: 'audit_entry_actor_index', properties: ['shopId', 'actor', 'id'] },
    { name: 'audit_entry_address_index', properties: ['id'], where: 'address is not null or request_id is not null' },
  ],
  triggers: [declaredTrigger('audit_entry_append_only', 'before', ['update', 'delete'])],
  checks: [
    {
      name: 'audit_entry_action_check',
      expression:
        "action in ('CREATED', 'UPDATED', 'DELETED', 'REPLAYED', 'SIGNED_IN', 'SIGNED_OUT', 'SIGN_IN_REFUSED', 'EXPORTED', 'ERASED')",
    },
    { name: 'audit_entry_count_check', expression: 'count > 0' },
  ],
});

/** One thing that somebody did: who, to what, from where. Written by the unit of work, in the transaction of what it tells of. */
export class AuditEntry extends AuditEntrySchema.class {
  declare operation: string | null;
  declare subjectId: string | null;
  declare actor: Principal | null;
  declare address: string | null;
  declare requestId: string | null;
}
AuditEntrySchema.setClass(AuditEntry);
