import type { ChangeSetType } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditNotes, type AuditNote } from './audit/audit-note.js';
import { writeAuditNotes } from './audit/audit-writer.js';
import { isTransient, refusalOf, type ConstraintRefusals } from './database-errors.js';
import { writeJobs } from './outbox/job-writer.js';
import type { DomainEvent, Job } from './outbox/job.js';
import { currentOrigin } from './request-origin.js';
import { within, type Tenancy } from './tenancy.js';

/** One transaction and what belongs to it. Repositories are made over its entity manager and never flush. */
export class Transaction {
  private discarded = false;
  private readonly stamps = new Set<string>();
  private readonly events: DomainEvent[] = [];
  private readonly jobs: Job[] = [];
  private readonly notes = new AuditNotes();

  constructor(readonly em: EntityManager) {}

  /**
   * Has this stamp renewed once the transaction has ended, also where it was discarded. What is written through the entity manager is found by
   * itself; this is for SQL by hand, and for an act that finds itself done already: the try before may have died between its commit and its word
   * to the others.
   */
  touch(stamp: string): void {
    this.stamps.add(stamp);
  }

  get touched(): ReadonlySet<string> {
    return this.stamps;
  }

  /** Says what was done, for those whom the table of hooks names. Nobody is told where the transaction is discarded or fails. */
  emit(event: DomainEvent): void {
    this.events.push(event);
  }

  /** Has this done once the transaction has committed, by whichever instance gets to it first. */
  enqueue(job: Job): void {
    this.jobs.push(job);
  }

  /**
   * Has the audit log say this, if the transaction commits. What is written through the entity manager is noted by itself; this is for SQL by hand, and for
   * what changes no row.
   */
  note(note: AuditNote): void {
    this.notes.add(note);
  }

  get noted(): readonly AuditNote[] {
    return this.notes.all;
  }

  /** What was emitted, and what was asked for besides. */
  get consequences(): { readonly events: readonly DomainEvent[]; readonly jobs: readonly Job[] } {
    return { events: this.events, jobs: this.jobs };
  }

  /** Writes what has been changed so far, for a step that must see it in the database. */
  async flush(): Promise<void> {
    await this.em.flush();
  }

  /** Ends the transaction with a rollback, but the work's result stands. */
  discard(): void {
    this.discarded = true;
  }

  get isDiscarded(): boolean {
    return this.discarded;
  }
}

export interface WorkOptions {
  /** Names of unique constraints that two honest requests may race for: the loser tries again and then finds the winner's row. */
  readonly racedKeys?: readonly string[];
}

/** What follows from a commit, one for all that is written. */
export interface CommitHook {
  /** Runs before a transaction begins. Where it rejects, nothing is written: it could not be acknowledged. */
  readonly ready: () => Promise<void>;
  /** Stamps of all that may be cached of a written row. */
  readonly stampsOf: (entity: object, change: ChangeSetType) => readonly string[];
  /** What the audit log says of a written row; `changed` names its properties that were written. */
  readonly notesOf: (entity: object, change: ChangeSetType, changed: readonly string[]) => readonly AuditNote[];
  /** Runs when the transaction has ended, before the caller is answered. Where it rejects, the write stands but is not acknowledged. */
  readonly announce: (stamps: ReadonlySet<string>) => Promise<void>;
  /** What an event sets off. It is written before the commit, so that both are there or neither. */
  readonly jobsOf: (event: DomainEvent) => readonly Job[];
  /** Makes fewer of the jobs that one transaction writes. */
  readonly fold?: (jobs: readonly Job[]) => readonly Job[];
  /** Told that jobs were committed; it must not wait for them. */
  readonly wake: () => void;
}

/** Tells nobody: for what nobody can have read yet. */
const NO_HOOK: CommitHook = {
  ready: () => Promise.resolve(),
  stampsOf: () => [],
  notesOf: () => [],
  announce: () => Promise.resolve(),
  jobsOf: () => [],
  wake: () => undefined,
};

const MAX_ATTEMPTS = 8;
const BACKOFF_STEP_MS = 5;

/** The only one that begins, flushes and commits. */
export class UnitOfWork {
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly em: EntityManager,
    private readonly refusals: ConstraintRefusals,
    private readonly hook: CommitHook = NO_HOOK,
  ) {}

  /**
   * Runs `work` in a transaction of its own that sees `shop` alone (an Actor is one; EVERY_SHOP for what has none), commits what it changed, and has that announced before it returns. A deadlock, a serialization failure or a lost race for a key is
   * tried again from the start, so `work` must change nothing outside the transaction. A broken constraint becomes the refusal that
   * its room listed for it.
   */
  run<T>(shop: Tenancy, work: (transaction: Transaction) => Promise<T>, options: WorkOptions = {}): Promise<T> {
    const running = within(shop, () => this.runAnnounced(work, options));
    const ended = running.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(ended);
    void ended.then(() => this.running.delete(ended));
    return running;
  }

  /** Waits for what is running, also where nobody waits for its answer any more. To be called once no more is begun. */
  async drain(): Promise<void> {
    await Promise.all(this.running);
  }

  private async runAnnounced<T>(work: (transaction: Transaction) => Promise<T>, options: WorkOptions): Promise<T> {
    await this.hook.ready();
    const { result, touched, hasJobs } = await this.commit(work, options);
    if (hasJobs) this.hook.wake();
    if (touched.size > 0) await this.hook.announce(touched);
    return result;
  }

  private async commit<T>(work: (transaction: Transaction) => Promise<T>, options: WorkOptions) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const transaction = this.begin();
        let hasJobs = false;
        const result = await onOneConnection(transaction, work, async () => {
          hasJobs = await this.writeConsequences(transaction);
        });
        return { result, touched: transaction.touched, hasJobs };
      } catch (error) {
        const mayRetry = attempt < MAX_ATTEMPTS && isTransient(error, options.racedKeys ?? []);
        if (!mayRetry) throw refusalOf(error, this.refusals) ?? error;
        await pause(Math.random() * BACKOFF_STEP_MS * 2 ** attempt);
      }
    }
  }

  /** Whether there were any. */
  private async writeConsequences({ em, consequences, noted }: Transaction): Promise<boolean> {
    await writeAuditNotes(em, noted, currentOrigin());
    const all = [...consequences.events.flatMap((event) => this.hook.jobsOf(event)), ...consequences.jobs];
    const jobs = this.hook.fold?.(all) ?? all;
    await writeJobs(em, jobs);
    return jobs.length > 0;
  }

  private begin(): Transaction {
    // Nothing is written before the commit unless a step asks for it: a look-up on the way must not write what may be discarded yet.
    const transaction = new Transaction(this.em.fork({ flushMode: 'commit', freshEventManager: true }));
    transaction.em.getEventManager().registerSubscriber({
      onFlush: ({ uow }) => {
        for (const { entity, type, payload } of uow.getChangeSets()) {
          for (const stamp of this.hook.stampsOf(entity as object, type)) transaction.touch(stamp);
          for (const note of this.hook.notesOf(entity as object, type, Object.keys(payload))) transaction.note(note);
        }
      },
    });
    return transaction;
  }
}

/**
 * Begins and ends the transaction on a connection that goes back to the pool whatever happens. (One that `em.begin` takes is never given back
 * if the database dies before ROLLBACK.) READ COMMITTED is asked for by name, because a database may have another default: whoever has waited
 * for a lock must then see what was committed meanwhile.
 */
function onOneConnection<T>(
  transaction: Transaction,
  work: (transaction: Transaction) => Promise<T>,
  beforeCommit: () => Promise<void>,
): Promise<T> {
  const { em } = transaction;
  const client = em.getConnection().getClient();
  return client.connection().execute(async (connection) => {
    const begun = await connection.startTransaction().setIsolationLevel('read committed').execute();
    em.setTransactionContext(begun);
    try {
      const result = await work(transaction);
      if (transaction.isDiscarded) {
        await begun.rollback().execute();
      } else {
        await em.flush();
        await beforeCommit();
        await begun.commit().execute();
      }
      return result;
    } catch (error) {
      // Where this fails too the connection is dead, and the database has rolled back by itself: what went wrong first is what counts.
      if (!begun.isRolledBack)
        await begun
          .rollback()
          .execute()
          .catch(() => undefined);
      throw error;
    } finally {
      em.resetTransactionContext();
    }
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
