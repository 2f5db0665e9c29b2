import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidError } from '../../kernel/errors.js';
import { acrossShops, EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { takeAttempt, type AttemptLimiters } from './attempts.js';
import { normalizeEmail } from './email.js';
import type { PasswordHasher } from './password-hash.js';
import { MAX_PASSWORD_LENGTH, normalizePassword } from './password-rules.js';
import type { Person } from './person.entity.js';
import { PersonRepository } from './person.repository.js';
import { noteRefusedSignIn } from './person-notes.js';
import type { NewSession, SessionService } from './session.service.js';

/** Beyond it no password is right, and its hash would cost more the longer it is. */
const MAX_TRIED_LENGTH = 4 * MAX_PASSWORD_LENGTH;
const MAX_ACCOUNT_LENGTH = 254;
/** When a refusal is noted: from, and before. */
const NOTED_AFTER_MS = [200, 1_200] as const;
/** An id that no person has. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

export interface SignInParts {
  readonly work: UnitOfWork;
  readonly em: Transaction['em'];
  readonly hasher: PasswordHasher;
  readonly sessions: SessionService;
  readonly limiters: AttemptLimiters;
  /** Told of a refusal that could not be noted in the audit log. */
  readonly onError: (error: unknown) => void;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Lets people in by e-mail and password. */
export class SignInService {
  private readonly noting = new Set<Promise<void>>();
  private hurry = new AbortController();

  constructor(private readonly parts: SignInParts) {}

  /**
   * Refuses (INVALID), in the same words and after the same work, an address that nobody has and a wrong password; TOO_MANY_REQUESTS after too many attempts
   * from the address or at the account, each of which counts by itself, however many come in one request.
   */
  async signIn(credentials: Credentials, address: string | undefined): Promise<NewSession> {
    const { work, sessions } = this.parts;
    const person = await this.check(credentials, address);
    return work.run(EVERY_SHOP, async (transaction) => {
      await requireUnchanged(transaction, person);
      return sessions.begin(transaction, person);
    });
  }

  /** Whose credentials they are; refuses as `signIn` does. */
  async check({ email: text, password }: Credentials, address: string | undefined): Promise<Person> {
    const { limiters, hasher } = this.parts;
    const email = normalizeEmail(text);
    await takeAttempt(limiters, address, email ?? text.slice(0, MAX_ACCOUNT_LENGTH).toLowerCase());
    const people = new PersonRepository(this.parts.em.fork());
    // What is no address is looked up too, as an address that nobody can have.
    const person = await acrossShops(() => people.findByEmail(email ?? '-'));
    const isRight = await hasher.verify(person?.passwordHash, normalizePassword(password.slice(0, MAX_TRIED_LENGTH)));
    if (person && isRight) return person;
    this.noteRefusal(person);
    throw wrongCredentials();
  }

  /** Has what was refused noted now, and waits for it. */
  async noteNow(): Promise<void> {
    this.hurry.abort();
    this.hurry = new AbortController();
    await Promise.all(this.noting);
  }

  /**
   * Not awaited, and only after a while that nobody knows: neither the reply nor what is asked next may take longer where there is somebody to tell. Nobody's
   * shops are looked for too. What was refused in the last second of a process that is killed is not noted.
   */
  private noteRefusal(person: Person | undefined): void {
    const { work, onError } = this.parts;
    const note = () => work.run(EVERY_SHOP, (transaction) => noteRefusedSignIn(transaction, person?.id ?? NOBODY));
    const noted = sleep(randomInt(...NOTED_AFTER_MS), undefined, { signal: this.hurry.signal })
      .catch(() => undefined)
      .then(note)
      .catch(onError);
    this.noting.add(noted);
    void noted.finally(() => this.noting.delete(noted));
  }
}

/** A password that was changed or reset since it was looked at lets nobody in; the person stays locked until the transaction ends. */
export async function requireUnchanged({ em }: Pick<Transaction, 'em'>, { id, passwordHash }: Person): Promise<Person> {
  const person = await new PersonRepository(em).findForUpdate(id);
  if (!person) throw wrongCredentials();
  if (person.passwordHash !== passwordHash) throw wrongCredentials();
  return person;
}

function wrongCredentials(): InvalidError {
  return new InvalidError('The e-mail address or the password is wrong.');
}
