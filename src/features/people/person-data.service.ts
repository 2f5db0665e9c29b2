import { InUseError } from '../../kernel/errors.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import { ACCESS_STAMP, permissionsOf, refuseAbove, ShopRepository, type Actor } from '../access/index.js';
import { normalizeEmail } from './email.js';
import { PASSWORD_RESET_TASK } from './password.service.js';
import { PersonDataRepository, type MemberRecord } from './person-data.repository.js';
import { PersonRepository } from './person.repository.js';

/** What somebody who is forgotten is called where he acted. */
export const FORGOTTEN = '(forgotten)';

const memberOf = ({ id, data }: MemberRecord) => ({ subjectType: 'Membership', subjectId: id, data });

/** What a shop keeps of people who sign in: their membership, and invitations of their address. The transaction sees every shop. */
export const memberData = {
  name: 'people',

  async collect({ em }: Transaction, shopId: string, address: string) {
    const email = normalizeEmail(address);
    if (email === undefined) return [];
    const kept = new PersonDataRepository(em);
    const [member, invitations] = [await kept.findMember(shopId, email), await kept.findInvitations(shopId, email)];
    return [
      ...(member ? [memberOf(member)] : []),
      ...invitations.map(({ id, data }) => ({ subjectType: 'Invitation', subjectId: id, data })),
    ];
  },

  /**
   * The member is one no more, and where he acted he is called FORGOTTEN. Who is a member nowhere then is forgotten as a whole: his account, sessions and
   * identities. Invitations that he has made and nobody has accepted are revoked: he may hold their secrets. Refuses (IN_USE) the last owner, and (INVALID) a member
   * or an invited one who may do more than `by`.
   */
  async erase(transaction: Transaction, shopId: string, address: string, by?: Pick<Actor, 'permissions' | 'actorId'>) {
    const { em } = transaction;
    const email = normalizeEmail(address);
    if (email === undefined) return [];
    transaction.touch(ACCESS_STAMP);
    await new ShopRepository(em).lock(shopId);
    const records = await memberData.collect(transaction, shopId, email);
    const kept = new PersonDataRepository(em);
    const member = await kept.findMember(shopId, email);
    if (by) {
      const invited = await kept.findInvitedRoles(shopId, email);
      const roles = member && !member.hasEnded ? [member.role, ...invited] : invited;
      for (const role of roles) refuseAbove(by, permissionsOf(role), ['address']);
    }
    await kept.removeInvitations(shopId, email);
    if (!member) return records;
    const isOwner = member.role === 'OWNER' && !member.hasEnded;
    const isLastOwner = isOwner && (await new PersonRepository(em).countOtherOwners(shopId, member.id)) === 0;
    if (isLastOwner) throw new InUseError('This is the last owner of the shop: make somebody else an owner first.', ['address']);
    await kept.lockPerson(member.personId);
    const own = by && by.actorId !== member.id ? {} : ({ actorId: member.id, isUnplaced: true } as const);
    for (const subjectId of await kept.revokeInvitationsOf(member)) {
      transaction.note({ shopId, action: 'UPDATED', subjectType: 'Invitation', subjectId, fields: ['revokedAt'], ...own });
    }
    await kept.removeMember(member, FORGOTTEN);
    await kept.forgetPlaces(
      member,
      records.map(({ subjectId }) => subjectId),
    );
    if ((await kept.findMemberships(member.personId)).length === 0) await kept.removePerson(member.personId, PASSWORD_RESET_TASK);
    return records;
  },
};

/** What is kept of a person beside his places in shops. The transaction sees every shop. */
export const accountData = {
  /** Undefined: there is no such person. */
  collect: ({ em }: Transaction, personId: string) => new PersonDataRepository(em).findAccount(personId),

  /** His places in shops, those that he has left too. */
  memberships: ({ em }: Transaction, personId: string) => new PersonDataRepository(em).findMemberships(personId),

  /** What is left of him once he is a member nowhere. */
  async erase(transaction: Transaction, personId: string): Promise<void> {
    transaction.touch(ACCESS_STAMP);
    await new PersonDataRepository(transaction.em).removePerson(personId, PASSWORD_RESET_TASK);
  },
};
