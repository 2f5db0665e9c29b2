import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { TestDatabase } from '../../support/database.js';

const POLL_MS = 5;
/** Long, so that a busy machine does not end the wait. */
const MOST_POLLS = 4_000;

/** Holds what `sql` locks, until `act` has been called and what it gave is released. */
export async function holding<T>({ orm }: TestDatabase, sql: string, act: (holder: Holder) => Promise<T>): Promise<T> {
  const em = orm.em.fork();
  await em.begin();
  const holder = new Holder(em, orm.em.fork());
  try {
    await em.execute(sql);
    return await act(holder);
  } finally {
    await holder.release();
  }
}

/** A transaction that others wait for. */
class Holder {
  private isReleased = false;

  constructor(
    private readonly em: EntityManager,
    private readonly beside: EntityManager,
  ) {}

  /** In the transaction that holds. */
  execute(sql: string, parameters: unknown[]): Promise<unknown> {
    return this.em.execute(sql, parameters);
  }

  /** Returns once so many transactions wait for a lock. */
  async untilWaiting(count: number): Promise<void> {
    const sql = `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    for (let poll = 0; poll < MOST_POLLS; poll += 1) {
      const [row] = await this.beside.execute<{ count: number }[]>(sql);
      if (row?.count === count) return;
      await sleep(POLL_MS);
    }
    throw new Error(`It never came to ${String(count)} that wait.`);
  }

  /** Commits; a second time nothing. */
  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    await this.em.commit();
  }
}
