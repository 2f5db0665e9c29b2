import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { acrossShops, EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { hashSecret, isSecretShaped, newSecret, type Actor } from '../access/index.js';
import { actorsOf } from './member-actor.reader.js';
import { noteActOf } from './person-notes.js';
import { SessionRepository, type SessionRow } from './session.repository.js';
import type { SessionTimes, SignedIn, VerifiedIdentity } from './signed-in.js';

/** How exactly its last use is kept. */
const LAST_USED_STEP_MS = 60_000;
const MAX_SESSIONS = 50;

/** The token exists only here: the database keeps its hash. */
export interface NewSession {
  readonly token: string;
  readonly expiresAt: Date;
  readonly person: SignedIn;
}

export interface SessionParts {
  readonly work: UnitOfWork;
  readonly clock: Clock;
  readonly em: Transaction['em'];
  readonly times: SessionTimes;
  /** Told of a use that could not be noted; the request goes on. */
  readonly onError: (error: unknown) => void;
}

/**
 * Who is signed in. Nothing of it is cached: a session, and a place in a shop, is looked up for each request, so that what has ended ends at once
 * everywhere.
 */
export class SessionService {
  private readonly noting = new Set<Promise<void>>();

  constructor(private readonly parts: SessionParts) {}

  /** Who shows this token; undefined for one that is none, unknown, ended or too old. One statement. */
  async authenticate(token: string): Promise<SignedIn | undefined> {
    if (!isSecretShaped(token, 'srs_')) return undefined;
    const now = this.parts.clock.now();
    const session = await acrossShops(() => this.repository().find(hashSecret(token), now, this.usedAfter(now)));
    if (!session) return undefined;
    this.noteUse(session, now);
    return { id: session.personId, name: session.name, email: session.email, sessionId: session.id };
  }

  /** Who is known here under this identity; undefined for nobody yet. One statement. */
  async ofIdentity({ issuer, subject }: VerifiedIdentity): Promise<SignedIn | undefined> {
    const found = await acrossShops(() => this.repository().findByIdentity(issuer, subject));
    return found && { id: found.personId, name: found.name, email: found.email, sessionId: undefined };
  }

  /** The person as he may act, in each of his shops. One statement. */
  actors(person: Pick<SignedIn, 'id' | 'name'>): Promise<Actor[]> {
    return actorsOf(this.parts.em, person);
  }

  /** Those that last, the newest first. */
  list({ id }: SignedIn): Promise<SessionRow[]> {
    const now = this.parts.clock.now();
    return acrossShops(() => this.repository().ofPerson(id, now, this.usedAfter(now)));
  }

  /** Within the transaction: signs the person in. Beyond MAX_SESSIONS the oldest ends. */
  async begin(transaction: Transaction, { id: personId, name, email }: Omit<SignedIn, 'sessionId'>): Promise<NewSession> {
    const { clock, times } = this.parts;
    const sessions = new SessionRepository(transaction.em);
    const [token, now, id] = [newSecret('srs_'), clock.now(), newId()];
    const expiresAt = new Date(now.getTime() + times.maxMs);
    await sessions.add({ id, personId, tokenHash: hashSecret(token), createdAt: now, expiresAt });
    await sessions.endOldest(personId, MAX_SESSIONS);
    await noteActOf(transaction, personId, { action: 'SIGNED_IN' });
    return { token, expiresAt, person: { id: personId, name, email, sessionId: id } };
  }

  /** Ends this session, or all of the person's. From its acknowledgement on they are refused, everywhere. */
  async end({ id, sessionId }: SignedIn, everywhere: boolean): Promise<void> {
    await this.parts.work.run(EVERY_SHOP, async (transaction) => {
      const sessions = new SessionRepository(transaction.em);
      const ended = everywhere ? await sessions.endOthers(id, undefined) : await sessions.end(sessionId);
      if (ended > 0) await noteActOf(transaction, id, { action: 'SIGNED_OUT' });
    });
  }

  /** Waits for what is still being noted. */
  async close(): Promise<void> {
    await Promise.all(this.noting);
  }

  /** Not awaited by the request. */
  private noteUse({ id, lastUsedAt }: SessionRow, now: Date): void {
    const unlessSince = new Date(now.getTime() - LAST_USED_STEP_MS);
    if (lastUsedAt > unlessSince) return;
    const noted = acrossShops(() => this.repository().touch(id, now, unlessSince)).catch(this.parts.onError);
    this.noting.add(noted);
    void noted.finally(() => this.noting.delete(noted));
  }

  private usedAfter(now: Date): Date {
    return new Date(now.getTime() - this.parts.times.idleMs);
  }

  private repository(): SessionRepository {
    return new SessionRepository(this.parts.em.fork());
  }
}
