import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Principal, Shop, type Role } from '../access/index.js';

const InvitationSchema = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    email: p.text(),
    role: p.text().$type<Role>(),
    /** SHA-256 of the secret that was mailed last; null until then. */
    secretHash: p.blob().nullable().hidden(),
    invitedBy: () =>
      p
        .manyToOne(Principal)
        .joinColumns('shop_id', 'invited_by')
        .ownColumns('invited_by')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    createdAt: instantColumn(),
    expiresAt: instantColumn(),
    acceptedAt: instantColumn().nullable(),
    revokedAt: instantColumn().nullable(),
  },
  uniques: [{ name: 'invitation_secret_hash_unique', properties: ['secretHash'] }],
  indexes: [
    {
      name: 'invitation_open_unique',
      expression:
        'create unique index "invitation_open_unique" on "invitation" ("shop_id", "email") where accepted_at is null and revoked_at is null',
    },
  ],
  checks: [
    { name: 'invitation_role_check', expression: "role in ('OWNER', 'MANAGER', 'CLERK', 'READER')" },
    { name: 'invitation_end_check', expression: 'accepted_at is null or revoked_at is null' },
  ],
});

/** Lets the holder of an address become a member, once. Of an address and a shop one is open at most. */
export class Invitation extends InvitationSchema.class {
  isOpen(now: Date): boolean {
    return !this.acceptedAt && !this.revokedAt && this.expiresAt > now;
  }
}
InvitationSchema.setClass(Invitation);
