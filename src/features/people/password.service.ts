import type { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { doubling, type RunningJob, type Task } from '../../platform/outbox/task.js';
import { acrossShops, EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { hashSecret, isSecretShaped, newSecret } from '../access/index.js';
import type { AccountMailPort } from './account-mail.port.js';
import { resetMail } from './account-mails.js';
import { takeAttempt, takeResetRequest, type AttemptLimiters } from './attempts.js';
import { requireEmail } from './email.js';
import type { PasswordHasher } from './password-hash.js';
import { requirePassword } from './password-rules.js';
import { noteActOf } from './person-notes.js';
import { PersonRepository } from './person.repository.js';
import { SessionRepository } from './session.repository.js';
import type { NewSession, SessionService } from './session.service.js';
import type { SignedIn } from './signed-in.js';
import { requireUnchanged, type SignInService } from './sign-in.service.js';

export const PASSWORD_RESET_TASK = 'person.password-reset';
const RESET_MINUTES = 30;
const MS_PER_MINUTE = 60_000;
const CONCURRENCY = 2;
const FIRST_RETRY_MS = 2_000;
/** Some ten minutes: who waits for the mail asks again. */
const TRIES = 9;
/** What the audit log says of a new password. */
const PASSWORD_SET = { action: 'UPDATED', fields: ['password'] } as const;

export interface PasswordParts {
  readonly work: UnitOfWork;
  readonly em: Transaction['em'];
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly sessions: SessionService;
  readonly signIn: Pick<SignInService, 'check'>;
  readonly limiters: AttemptLimiters;
  /** Undefined: this server sends no mail. */
  readonly mail: AccountMailPort | undefined;
}

/** Changes of passwords. Each ends the person's other sessions: whoever else knew the password is out. */
export class PasswordService {
  constructor(private readonly parts: PasswordParts) {}

  /** Refuses (INVALID) a wrong current password and one that is too easy; TOO_MANY_REQUESTS. */
  async change(person: SignedIn, change: { current: string; next: string }, address: string | undefined): Promise<void> {
    const { signIn, hasher, work, clock } = this.parts;
    const password = requirePassword(change.next, ['next'], [person.email, person.name]);
    const checked = await signIn.check({ email: person.email, password: change.current }, address);
    const hash = await hasher.hash(password);
    await work.run(EVERY_SHOP, async (transaction) => {
      const row = await requireUnchanged(transaction, checked);
      row.setPassword(hash, clock.now());
      await noteActOf(transaction, person.id, PASSWORD_SET);
      const sessions = new SessionRepository(transaction.em);
      await sessions.endOthers(person.id, person.sessionId);
      await sessions.dropReset(person.id);
    });
  }

  /**
   * Has a secret mailed to the address, if it is anybody's: the reply is the same, and as fast, where it is nobody's. Refuses (UNSUPPORTED) where this server
   * sends no mail, INVALID what is no address; TOO_MANY_REQUESTS.
   */
  async requestReset(text: string, address: string | undefined): Promise<void> {
    const { mail, limiters, work } = this.parts;
    if (!mail) throw new DomainError('UNSUPPORTED', 'This server sends no mail: ask whoever runs it for a new password.');
    const email = requireEmail(text, ['email']);
    await takeResetRequest(limiters, address, email);
    await work.run(EVERY_SHOP, (transaction) => {
      transaction.enqueue({
        task: PASSWORD_RESET_TASK,
        shopId: NO_SHOP,
        key: hashSecret(email).toString('hex'),
        payload: { email },
      });
      return Promise.resolve();
    });
  }

  /** Sets a password by the secret that was mailed, and signs in. Refuses (INVALID) a secret that is unknown, used or too old. */
  async reset(secret: string, text: string, address: string | undefined): Promise<NewSession> {
    const { limiters, hasher, work, clock, sessions } = this.parts;
    await takeAttempt(limiters, address);
    if (!isSecretShaped(secret, 'srp_')) throw unknownSecret();
    const hash = await hasher.hash(requirePassword(text, ['password']));
    return work.run(EVERY_SHOP, async (transaction) => {
      const credentials = new SessionRepository(transaction.em);
      const personId = await credentials.takeReset(hashSecret(secret), clock.now());
      const person = personId ? await new PersonRepository(transaction.em).findForUpdate(personId) : undefined;
      if (!person) throw unknownSecret();
      requirePassword(text, ['password'], [person.email, person.name]);
      person.setPassword(hash, clock.now());
      await noteActOf(transaction, person.id, PASSWORD_SET);
      await credentials.endOthers(person.id, undefined);
      return sessions.begin(transaction, person);
    });
  }

  /** Makes the secret when it is sent, so that it never waits in the database; a second try sends another, and the first is void. */
  task(): Task {
    return {
      name: PASSWORD_RESET_TASK,
      concurrency: CONCURRENCY,
      retryInMs: doubling(FIRST_RETRY_MS, TRIES),
      run: (job, signal) => acrossShops(() => this.sendReset(job, signal)),
    };
  }

  private async sendReset({ payload }: RunningJob, signal: AbortSignal): Promise<void> {
    const { work, clock, mail } = this.parts;
    const { email } = payload as { email: string };
    const secret = newSecret('srp_');
    const person = await work.run(EVERY_SHOP, async ({ em }) => {
      const found = await new PersonRepository(em).findByEmail(email);
      const expiresAt = new Date(clock.now().getTime() + RESET_MINUTES * MS_PER_MINUTE);
      if (found) await new SessionRepository(em).setReset(found.id, hashSecret(secret), expiresAt);
      return found;
    });
    if (person) {
      await mail?.send({ id: newId(), to: { name: person.name, address: email }, ...resetMail(secret, RESET_MINUTES) }, signal);
    }
  }
}

function unknownSecret(): InvalidError {
  return new InvalidError('This code is not valid (any more): ask for a new one.', ['secret']);
}

/** A job belongs to a shop, a person to none. */
const NO_SHOP = '00000000-0000-0000-0000-000000000000';
