import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';
import { acrossShops } from '../../platform/tenancy.js';

/** How often is looked while somebody waits. */
export const FEED_POLL_MS = 100;
const SETTLE_STEP_MS = 10;
/** The sequence of a database that has given out no number says the first one it would give. */
const LAST_SEQ = 'select case when is_called then last_value else 0 end::text as seq from stock_movement_seq_seq';
/** Whoever writes a line, of any version of the program and by hand too: transactions by their own names, which are never used twice. */
const WRITERS = `select distinct l.virtualtransaction as id from pg_locks l
  where l.locktype = 'relation' and l.relation = 'stock_movement'::regclass and l.mode = 'RowExclusiveLock'
  and l.database = (select oid from pg_database where datname = current_database())`;

interface Candidate {
  readonly seq: bigint;
  readonly writers: ReadonlySet<string>;
}

/**
 * Up to which seq the ledger is settled: no line at or below it can appear any more. A seq is taken before its transaction commits, so that the
 * ledger has holes which fill later, and a reader that remembers the last seq it saw would skip what fills them.
 *
 * Why it holds: whoever inserts takes the table's RowExclusiveLock before it takes a number from the sequence, and keeps it until its commit is
 * visible to every later snapshot. So whoever holds a number ≤ V, with V read first, is either visible already or among those that hold the lock when
 * they are asked for after V; once each of those has gone, all up to V is there for good. (The snapshot's xmax would not do: a running
 * transaction may have an id beyond it.) It needs the sequence to be without a cache (CACHE 1), as an identity's is.
 *
 * One for each process, whatever the shop. It waits for nobody else's transactions than those that write to this table.
 */
export class FeedHorizonReader {
  private settled: bigint | undefined;
  private candidate: Candidate | undefined;
  private looking: Promise<void> | undefined;
  private ticking: Promise<void> | undefined;

  /** `onError` is told of a look that failed while somebody waits for news; the next one may not. */
  constructor(
    private readonly em: EntityManager,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * The horizon, at or beyond all that was committed before the call; where a transaction is open that could write below that for longer than `patienceMs`,
   * what is settled without it. 0 where nothing is known to be.
   */
  async now(patienceMs: number): Promise<bigint> {
    return (await this.caughtUp(patienceMs)) ?? this.settled ?? 0n;
  }

  /** The horizon, at or beyond all that was committed before the call; undefined where that is not known within `patienceMs`. */
  async caughtUp(patienceMs: number): Promise<bigint | undefined> {
    const wanted = await this.lastSeq();
    const until = performance.now() + patienceMs;
    for (;;) {
      await this.look();
      if (this.isBeyond(wanted - 1n)) return this.settled;
      if (performance.now() > until) return undefined;
      await pause(SETTLE_STEP_MS);
    }
  }

  /** Waits until the horizon is beyond `seq` and gives it; undefined where `signal` was aborted meanwhile. */
  async beyond(seq: bigint, signal: AbortSignal): Promise<bigint | undefined> {
    while (!signal.aborted) {
      if (this.settled !== undefined && this.isBeyond(seq)) return this.settled;
      await (this.ticking ??= this.tick());
    }
    return undefined;
  }

  private isBeyond(seq: bigint): boolean {
    return this.settled !== undefined && this.settled > seq;
  }

  /** One look for all that wait. */
  private async tick(): Promise<void> {
    try {
      await pause(this.candidate ? SETTLE_STEP_MS : FEED_POLL_MS);
      await this.look();
    } catch (error) {
      this.onError(error);
      await pause(FEED_POLL_MS);
    } finally {
      this.ticking = undefined;
    }
  }

  private async look(): Promise<void> {
    const looking = (this.looking ??= this.lookOnce());
    try {
      await looking;
    } finally {
      if (this.looking === looking) this.looking = undefined;
    }
  }

  private async lookOnce(): Promise<void> {
    // The order of the two is what it rests on.
    const seq = await this.lastSeq();
    if (seq === this.settled) return;
    const writers = await this.writers();
    if (writers.size === 0) {
      this.settled = seq;
      this.candidate = undefined;
      return;
    }
    const before = this.candidate;
    const left = before && new Set([...before.writers].filter((id) => writers.has(id)));
    if (before && left?.size === 0) this.settled = before.seq;
    this.candidate = before && left && left.size > 0 ? { seq: before.seq, writers: left } : { seq, writers };
  }

  private async lastSeq(): Promise<bigint> {
    const [row] = await acrossShops(() => query<{ seq: string }>(this.em.fork(), LAST_SEQ));
    return BigInt(row?.seq ?? 0);
  }

  private async writers(): Promise<Set<string>> {
    const rows = await acrossShops(() => query<{ id: string }>(this.em.fork(), WRITERS));
    return new Set(rows.map(({ id }) => id));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
