import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';

const PersonSchema = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    id: p.uuid().primary(),
    /** In the form that addresses are compared in; see `normalizeEmail`. */
    email: p.text(),
    name: p.text(),
    /** Argon2id, in the PHC string format. Null: the person comes by OpenID Connect alone. */
    passwordHash: p.text().nullable().hidden(),
    passwordChangedAt: instantColumn().nullable(),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  uniques: [{ name: 'person_email_unique', properties: ['email'] }],
  checks: [
    { name: 'person_email_check', expression: "email = lower(email) and email <> ''" },
    { name: 'person_name_check', expression: "name <> ''" },
  ],
});

/** Somebody who signs in by himself. He belongs to no shop, and may be a member of several. */
export class Person extends PersonSchema.class {
  declare passwordHash: string | null;

  setPassword(hash: string, now: Date): void {
    Object.assign(this, { passwordHash: hash, passwordChangedAt: now, updatedAt: now });
  }

  /** From now on nobody is let in by one. */
  clearPassword(now: Date): void {
    Object.assign(this, { passwordHash: null, passwordChangedAt: null, updatedAt: now });
  }
}
PersonSchema.setClass(Person);
