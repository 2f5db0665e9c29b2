import type { AuditNote } from '../../platform/audit/audit-note.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import { PersonRepository } from './person.repository.js';

/** Shops of one person in which something is noted. */
const MAX_NOTED = 100;

/** Has the audit log of each of the person's shops say that he has done this. He is named also where his request was nobody's, or for another of his shops. */
export async function noteActOf(
  transaction: Transaction,
  personId: string,
  { action, fields = [] }: Pick<AuditNote, 'fields'> & { action: 'SIGNED_IN' | 'SIGNED_OUT' | 'UPDATED' },
): Promise<void> {
  for (const { shopId, id } of await membershipsOf(transaction, personId)) {
    transaction.note({ shopId, action, fields, subjectType: 'Membership', subjectId: id, actorId: id });
  }
}

/** Has it say that somebody tried to be the person. Who that was nobody knows: it is not said to be him. */
export async function noteRefusedSignIn(transaction: Transaction, personId: string): Promise<void> {
  for (const { shopId, id } of await membershipsOf(transaction, personId)) {
    transaction.note({ shopId, action: 'SIGN_IN_REFUSED', subjectType: 'Membership', subjectId: id });
  }
}

function membershipsOf({ em }: Transaction, personId: string) {
  return new PersonRepository(em).memberships(personId, MAX_NOTED);
}
