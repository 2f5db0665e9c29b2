import type { Clock } from '../../kernel/clock.js';
import { InUseError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { newId } from '../../kernel/ids.js';
import { permissionsOf, refuseAbove, refuseBeyond, ShopRepository, type Actor, type Role, type RowRef } from '../access/index.js';
import { InvitationRepository } from './invitation.repository.js';
import type { Membership } from './membership.entity.js';
import type { Person } from './person.entity.js';
import { PersonRepository } from './person.repository.js';

export const MAX_MEMBERS = 1000;

/** Who works in the shop. Acts of one shop wait for each other, so that of two owners who are sent away at once one stays. */
export class MemberService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * It holds from the next request on. Invitations that he has made, nobody has accepted, and he could not make with his new role are revoked. Refuses (INVALID) a
   * role that no person has, a role or a member that may do more than the actor, IN_USE the last owner, NOT_FOUND.
   */
  setRole(actor: Actor, ref: RowRef, role: Role): Promise<Membership> {
    refuseRole(role, ['role']);
    refuseBeyond(actor, permissionsOf(role), ['role']);
    return this.change(actor, ref, async (member, people) => {
      if (role !== 'OWNER') await refuseLastOwner(member, people);
      member.role = role;
    });
  }

  /**
   * Ends a membership; ending it again changes nothing. From its acknowledgement on the person is refused in this shop, by whatever he is let in. Refuses (IN_USE) the last owner,
   * (INVALID) one who may do more than the actor, NOT_FOUND. Invitations that he has made and nobody has accepted are revoked.
   */
  end(actor: Actor, ref: RowRef): Promise<Membership> {
    return this.change(actor, ref, async (member, people) => {
      await refuseLastOwner(member, people);
      member.end(this.clock.now());
    });
  }

  private change(
    actor: Actor,
    ref: RowRef,
    act: (member: Membership, people: PersonRepository) => Promise<void>,
  ): Promise<Membership> {
    const { shopId } = actor;
    return this.work.run(EVERY_SHOP, async ({ em }) => {
      await new ShopRepository(em).lock(shopId);
      const people = new PersonRepository(em);
      const member = ref.id === undefined ? undefined : await people.findMemberForUpdate(shopId, ref.id);
      if (!member) throw new NotFoundError('The shop has no such member.', ['id']);
      if (member.endedAt) return member;
      refuseAbove(actor, permissionsOf(member.role), ['id']);
      await act(member, people);
      // He may hold their secrets, and would come back by one as what he no longer is.
      for (const invitation of await new InvitationRepository(em).findPendingOf(shopId, member.id))
        if (!member.mayInvite(invitation.role)) invitation.revokedAt = this.clock.now();
      return member;
    });
  }
}

/** A DEVICE is no person. */
export function refuseRole(role: Role, path: readonly string[]): void {
  if (role === 'DEVICE') throw new InvalidError('A person is no device: make a key for it.', path);
}

async function refuseLastOwner(member: Membership, people: PersonRepository): Promise<void> {
  if (member.role === 'OWNER' && (await people.countOtherOwners(member.shopId, member.id)) === 0) {
    throw new InUseError('This is the last owner: make somebody else one first.', ['id']);
  }
}

/** Within a transaction that holds the shop's lock: the person is a member from now on. One who has left has his old place again, with this role; one who is there has it where it
 * is no lower than his own. */
export async function join(
  { em }: Pick<Transaction, 'em'>,
  person: Person,
  { shopId, role, now }: { shopId: string; role: Role; now: Date },
): Promise<Membership> {
  const people = new PersonRepository(em);
  const before = await people.findMembership(shopId, person.id);
  if (before) {
    before.resume(role);
    return before;
  }
  if ((await people.countMembers(shopId)) >= MAX_MEMBERS) {
    throw new InvalidError(`A shop has at most ${String(MAX_MEMBERS)} members.`);
  }
  return people.addMembership({ shopId, id: newId(), person, role, createdAt: now });
}
