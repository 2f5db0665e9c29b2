import type { EntityManager } from '@mikro-orm/postgresql';
import { isTransient, refusalOf, type ConstraintRefusals } from './database-errors.js';

/** One transaction and what belongs to it. Repositories are made over its entity manager and never flush. */
export class Transaction {
  private discarded = false;

  constructor(readonly em: EntityManager) {}

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

const MAX_ATTEMPTS = 8;
const BACKOFF_STEP_MS = 5;

/** The only one that begins, flushes and commits. */
export class UnitOfWork {
  constructor(
    private readonly em: EntityManager,
    private readonly refusals: ConstraintRefusals,
  ) {}

  /**
   * Runs `work` in a transaction of its own and commits what it changed. A deadlock, a serialization failure or a lost race for a key is
   * tried again from the start, so `work` must change nothing outside the transaction. A broken constraint becomes the refusal that
   * its room listed for it.
   */
  async run<T>(work: (transaction: Transaction) => Promise<T>, options: WorkOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // Nothing is written before the commit unless a step asks for it: a look-up on the way must not write what may be discarded yet.
        return await onOneConnection(new Transaction(this.em.fork({ flushMode: 'commit' })), work);
      } catch (error) {
        const mayRetry = attempt < MAX_ATTEMPTS && isTransient(error, options.racedKeys ?? []);
        if (!mayRetry) throw refusalOf(error, this.refusals) ?? error;
        await pause(Math.random() * BACKOFF_STEP_MS * 2 ** attempt);
      }
    }
  }
}

/**
 * Begins and ends the transaction on a connection that goes back to the pool whatever happens. (One that `em.begin` takes is never given back
 * if the database dies before ROLLBACK.) READ COMMITTED is asked for by name, because a database may have another default: whoever has waited
 * for a lock must then see what was committed meanwhile.
 */
function onOneConnection<T>(transaction: Transaction, work: (transaction: Transaction) => Promise<T>): Promise<T> {
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
