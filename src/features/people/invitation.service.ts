import type { Clock } from '../../kernel/clock.js';
import { DuplicateError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { doubling, type RunningJob, type Task } from '../../platform/outbox/task.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import {
  hashSecret,
  isSecretShaped,
  newSecret,
  permissionsOf,
  refuseAbove,
  refuseBeyond,
  requireLine,
  ShopRepository,
  type Actor,
  type Role,
  type RowRef,
} from '../access/index.js';
import type { AccountMailPort } from './account-mail.port.js';
import { invitationMail } from './account-mails.js';
import { takeAttempt, type AttemptLimiters } from './attempts.js';
import { normalizeEmail, requireEmail } from './email.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationRepository } from './invitation.repository.js';
import { join, refuseRole } from './member.service.js';
import type { PasswordHasher } from './password-hash.js';
import { requirePassword } from './password-rules.js';
import type { Person } from './person.entity.js';
import { PERSON_RACED_KEYS, PersonRepository } from './person.repository.js';
import { SessionRepository } from './session.repository.js';
import type { NewSession, SessionService } from './session.service.js';
import type { SignedIn, VerifiedIdentity } from './signed-in.js';

export const INVITATION_TASK = 'person.invitation';
const DAYS = 7;
const MS_PER_DAY = 24 * 3_600_000;
const MAX_PENDING = 200;
const CONCURRENCY = 2;
const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 1_800_000;
/** About a day. */
const TRIES = 60;

export interface InvitationDraft {
  readonly email: string;
  readonly role: Role;
}

export interface NewInvitation {
  readonly invitation: Invitation;
  /** To be handed over, where this server sends no mail; it exists only here. */
  readonly secret: string | undefined;
}

/** How somebody accepts: as who he is signed in, by a token of an identity provider, or with a name and a password of his own. */
export interface Acceptance {
  readonly secret: string;
  readonly name?: string | null | undefined;
  readonly password?: string | null | undefined;
  readonly person?: SignedIn | undefined;
  readonly identity?: VerifiedIdentity | undefined;
  readonly address?: string | undefined;
}

export interface InvitationParts {
  readonly work: UnitOfWork;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly sessions: SessionService;
  readonly limiters: AttemptLimiters;
  /** Undefined: this server sends no mail. */
  readonly mail: AccountMailPort | undefined;
}

/** How people become members: the owner names an address, and who reads its mail accepts. */
export class InvitationService {
  constructor(private readonly parts: InvitationParts) {}

  /**
   * Mails a secret; one who was invited already is invited anew, and the mail before is void. Refuses INVALID addresses, roles
   * and rights that the actor does not have, DUPLICATE members. */
  invite(actor: Actor, draft: InvitationDraft): Promise<NewInvitation> {
    const email = requireEmail(draft.email, ['email']);
    refuseRole(draft.role, ['role']);
    refuseBeyond(actor, permissionsOf(draft.role), ['role']);
    const { work, clock, mail } = this.parts;
    const secret = mail ? undefined : newSecret('sri_');
    return work.run(EVERY_SHOP, async (transaction) => {
      const { em } = transaction;
      const { shopId, actorId } = actor;
      await new ShopRepository(em).lock(shopId);
      await refuseMember(new PersonRepository(em), shopId, email);
      const invitations = new InvitationRepository(em);
      if ((await invitations.countPending(shopId)) >= MAX_PENDING) {
        throw new InvalidError(`At most ${String(MAX_PENDING)} invitations wait at once: revoke some first.`);
      }
      const now = clock.now();
      const before = await invitations.findPending(shopId, email);
      if (before) {
        refuseAbove(actor, permissionsOf(before.role), ['email']);
        before.revokedAt = now;
      }
      await transaction.flush();
      const secretHash = secret === undefined ? null : hashSecret(secret);
      const expiresAt = new Date(now.getTime() + DAYS * MS_PER_DAY);
      const row = { shopId, id: newId(), email, role: draft.role, secretHash, createdAt: now, expiresAt };
      const invitation = invitations.add(row, actorId);
      if (mail) transaction.enqueue({ task: INVITATION_TASK, shopId, payload: { invitation: invitation.id } });
      return { invitation, secret };
    });
  }

  /** From now on nobody accepts it; revoking it again changes nothing. Refuses NOT_FOUND, and (INVALID) one that was accepted. */
  revoke(actor: Actor, ref: RowRef): Promise<Invitation> {
    const { shopId } = actor;
    return this.parts.work.run(EVERY_SHOP, async ({ em }) => {
      const invitation = ref.id === undefined ? undefined : await new InvitationRepository(em).findForUpdate(shopId, ref.id);
      if (!invitation) throw new NotFoundError('The shop has no such invitation.', ['id']);
      if (invitation.acceptedAt) throw new InvalidError('It was accepted already: end the membership instead.', ['id']);
      refuseAbove(actor, permissionsOf(invitation.role), ['id']);
      invitation.revokedAt ??= this.parts.clock.now();
      return invitation;
    });
  }

  /**
   * Makes a member of whoever has the secret, once, and signs him in where he came without a token. Who comes by his identity provider to an account that is there already
   * has it to himself: its password, sessions and other identities end. The address must be his: he is signed in under it, his identity provider says so, or he is new
   * here and takes a name and a password. It lowers nobody's role: who is a member by then with a higher one keeps that. Refuses (INVALID) a secret that is unknown, used, revoked or expired; TOO_MANY_REQUESTS.
   */
  async accept(acceptance: Acceptance): Promise<NewSession | SignedIn> {
    const { work, clock, hasher, limiters } = this.parts;
    const { secret, password: text, person, identity } = acceptance;
    await takeAttempt(limiters, acceptance.address);
    if (!isSecretShaped(secret, 'sri_')) throw unknownSecret();
    const isByPassword = !person && !identity;
    const password = isByPassword ? requirePassword(text ?? '', ['password']) : undefined;
    const name = isByPassword ? requireLine(acceptance.name, ['name']) : undefined;
    const hash = password === undefined ? undefined : await hasher.hash(password);
    const acceptIn = async (transaction: Transaction): Promise<NewSession | SignedIn> => {
      const { em } = transaction;
      const found = await new InvitationRepository(em).findBySecret(hashSecret(secret));
      const now = clock.now();
      if (!found?.isOpen(now)) throw unknownSecret();
      await new ShopRepository(em).lock(found.shopId);
      const member = await this.personFor(transaction, found, { ...acceptance, name, hash, now });
      await join(transaction, member, { shopId: found.shopId, role: found.role, now });
      Object.assign(found, { acceptedAt: now, secretHash: null });
      await transaction.flush();
      if (isByPassword) return this.parts.sessions.begin(transaction, member);
      return person ?? { id: member.id, name: member.name, email: member.email, sessionId: undefined };
    };
    return work.run(EVERY_SHOP, acceptIn, { racedKeys: PERSON_RACED_KEYS });
  }

  /** Makes the secret when it is sent, so that it never waits in the database; a second try sends another, and the first is void. */
  task(): Task {
    return {
      name: INVITATION_TASK,
      concurrency: CONCURRENCY,
      retryInMs: doubling(FIRST_RETRY_MS, TRIES, MAX_RETRY_MS),
      run: (job, signal) => this.send(job, signal),
    };
  }

  private async personFor(
    transaction: Transaction,
    { email }: Invitation,
    {
      person,
      identity,
      name,
      hash,
      now,
    }: Omit<Acceptance, 'name'> & { name: string | undefined; hash: string | undefined; now: Date },
  ): Promise<Person> {
    const people = new PersonRepository(transaction.em);
    const known = await people.findByEmail(email);
    const stamps = { createdAt: now, updatedAt: now };
    if (person) {
      if (known?.id === person.id) return known;
      throw new InvalidError('This invitation is for another address: sign in under that one.', ['secret']);
    }
    if (identity) {
      const isHis = identity.isEmailVerified && normalizeEmail(identity.email ?? '') === email;
      if (!isHis) throw new InvalidError('Your identity provider does not say that the invited address is yours.', ['secret']);
      const member = known ?? people.add({ id: newId(), email, name: nameOf(identity, email), ...stamps });
      await transaction.flush();
      const letIn = new SessionRepository(transaction.em);
      // Nobody may have proved this address before: where no mail is sent, whoever invites it can accept for it. From now on its holder is who his provider says.
      // Locked first, so that a sign-in on its way has its session by then and it is ended too.
      if (known) await this.shutOut((await people.findForUpdate(known.id)) ?? known, letIn, now);
      await letIn.addIdentity(identity.issuer, identity.subject, member.id, now);
      return member;
    }
    // Whoever has an account shows that it is his: the code alone must not give it away, nor set its password.
    if (known) throw new InvalidError('You have an account already: sign in, and accept then.', ['secret']);
    const member = people.add({
      id: newId(),
      email,
      name: name ?? email,
      passwordHash: hash ?? null,
      passwordChangedAt: now,
      ...stamps,
    });
    await transaction.flush();
    return member;
  }

  private async shutOut(person: Person, letIn: SessionRepository, now: Date): Promise<void> {
    person.clearPassword(now);
    await letIn.endAll(person.id);
  }

  private async send({ shopId, payload }: RunningJob, signal: AbortSignal): Promise<void> {
    const { work, clock, mail } = this.parts;
    const { invitation: id } = payload as { invitation: string };
    const secret = newSecret('sri_');
    const told = await work.run(EVERY_SHOP, async ({ em }) => {
      const found = shopId === null ? undefined : await new InvitationRepository(em).findForUpdate(shopId, id);
      if (!found?.isOpen(clock.now())) return undefined;
      found.secretHash = hashSecret(secret);
      const { name: shop } = await new ShopRepository(em).find(found.shopId);
      return { to: { name: found.email, address: found.email }, ...invitationMail(shop, found.role, secret, DAYS) };
    });
    if (told) await mail?.send({ id: newId(), ...told }, signal);
  }
}

function nameOf({ name }: VerifiedIdentity, email: string): string {
  try {
    return requireLine(name, ['name']);
  } catch {
    return email;
  }
}

async function refuseMember(people: PersonRepository, shopId: string, email: string): Promise<void> {
  const person = await people.findByEmail(email);
  const membership = person && (await people.findMembership(shopId, person.id));
  if (membership && !membership.endedAt) throw new DuplicateError('This person is a member of the shop already.', ['email']);
}

function unknownSecret(): InvalidError {
  return new InvalidError('This code is not valid (any more): ask to be invited again.', ['secret']);
}
