import { defineEntity, p } from '@mikro-orm/core';
import { declaredTrigger, instantColumn } from '../../platform/columns.js';
import { allows, covers, permissionsOf, Shop, type Role } from '../access/index.js';
import { Person } from './person.entity.js';

const MembershipSchema = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    /** Of its principal too, by which the ledger names the person. */
    id: p.uuid().primary(),
    person: () =>
      p.manyToOne(Person).fieldName('person_id').deleteRule('restrict').updateRule('restrict').index('membership_person_index'),
    role: p.text().$type<Role>(),
    createdAt: instantColumn(),
    endedAt: instantColumn().nullable(),
  },
  // Makes its principal.
  triggers: [declaredTrigger('membership_principal', 'before', ['insert'])],
  uniques: [{ name: 'membership_person_unique', properties: ['shopId', 'person'] }],
  checks: [{ name: 'membership_role_check', expression: "role in ('OWNER', 'MANAGER', 'CLERK', 'READER')" }],
});

/** A person's place in a shop. Who comes back has the same one again. */
export class Membership extends MembershipSchema.class {
  declare endedAt: Date | null;

  /** Ending it twice keeps the first time. */
  end(now: Date): void {
    this.endedAt ??= now;
  }

  /** A member again, with this role. One who is a member still keeps his own, unless this one lets him do all that and more: an invitation never lowers anybody. */
  resume(role: Role): void {
    if (this.endedAt || covers(role, this.role)) this.role = role;
    this.endedAt = null;
  }

  /** Whether he may ask somebody to come with this role. */
  mayInvite(role: Role): boolean {
    return !this.endedAt && allows({ permissions: permissionsOf(this.role) }, 'people') && covers(this.role, role);
  }
}
MembershipSchema.setClass(Membership);
