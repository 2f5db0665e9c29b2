import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { arrayLiteral, query } from '../sql.js';
import type { RunningJob } from './task.js';

/** A job that a worker has taken: it is the worker's for as long as the row bears this claim. */
export interface ClaimedJob extends RunningJob {
  readonly task: string;
  readonly claim: string;
}

interface JobRow {
  readonly id: string;
  readonly shop_id: string | null;
  readonly task: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly created_at: string | Date;
}

export interface JobCounts {
  readonly task: string;
  readonly waiting: number;
  readonly setAside: number;
  /** How long the one that has been due for longest has waited, in seconds. */
  readonly lateSeconds: number;
}

/** How much of a reason is kept. */
const MAX_REASON_LENGTH = 500;
/** What recurs has this key, and no shop. */
const RECURRING_KEY = 'recurring';
const LATER = 'now() + make_interval(secs => ?::double precision / 1000)';

/** The table of jobs, as workers use it. Every statement is a transaction of its own. */
export class JobStore {
  constructor(
    private readonly em: EntityManager,
    /** How long a claim holds, from when it was taken or renewed. */
    private readonly leaseMs: number,
  ) {}

  /** Takes what is due, at most so many of each task; what others are taking at this moment is left to them. */
  async claim(slots: ReadonlyMap<string, number>): Promise<ClaimedJob[]> {
    const claim = newId();
    const rows = await query<JobRow>(
      this.em,
      `with due as (
         select job.id from unnest(?::text[], ?::int[]) as wanted(task, slots) cross join lateral (
           select id from outbox_job where task = wanted.task and run_at <= now() and set_aside_at is null
           order by run_at limit wanted.slots for update skip locked) as job)
       update outbox_job as job set claim = ?, run_at = ${LATER}, attempts = job.attempts + 1
       from due where job.id = due.id returning job.id, job.shop_id, job.task, job.payload, job.attempts, job.created_at`,
      [arrayLiteral([...slots.keys()]), arrayLiteral([...slots.values()].map(String)), claim, this.leaseMs],
    );
    return rows.map(({ id, shop_id: shopId, task, payload, attempts, created_at: createdAt }) => ({
      ...{ id, shopId, task, payload, attempt: attempts, createdAt: new Date(createdAt), claim },
    }));
  }

  /** Holds on to these for another lease. Answers with the ids of those that are still the caller's. */
  async renew(jobs: readonly ClaimedJob[]): Promise<ReadonlySet<string>> {
    const rows = await query<{ id: string }>(
      this.em,
      `update outbox_job set run_at = ${LATER} where (id, claim) in (select * from unnest(?::uuid[], ?::uuid[])) returning id`,
      [this.leaseMs, arrayLiteral(jobs.map(({ id }) => id)), arrayLiteral(jobs.map(({ claim }) => claim))],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The job is gone, or begins once more where another of its key has come meanwhile. */
  async done({ id, claim }: ClaimedJob): Promise<void> {
    const removed = await query(this.em, 'delete from outbox_job where id = ? and claim = ? and not again returning id', [
      id,
      claim,
    ]);
    if (removed.length > 0) return;
    await query(
      this.em,
      `update outbox_job set claim = null, again = false, attempts = 0, error = null, run_at = now()
       where id = ? and claim = ? and again`,
      [id, claim],
    );
  }

  /** It is tried again after `delayMs`; with `isFailure` false the try does not count. */
  async later(
    { id, claim }: ClaimedJob,
    { delayMs, reason, isFailure }: { delayMs: number; reason: string; isFailure: boolean },
  ) {
    await query(
      this.em,
      `update outbox_job set claim = null, again = false, run_at = ${LATER}, error = ?, attempts = attempts - ?::int
       where id = ? and claim = ?`,
      [delayMs, reason.slice(0, MAX_REASON_LENGTH), isFailure ? 0 : 1, id, claim],
    );
  }

  /** What recurs has ended and waits for its next time. */
  async rest({ id, claim }: ClaimedJob, everyMs: number, reason: string | null): Promise<void> {
    await query(
      this.em,
      `update outbox_job set claim = null, again = false, attempts = 0, run_at = ${LATER}, error = ? where id = ? and claim = ?`,
      [everyMs, reason?.slice(0, MAX_REASON_LENGTH) ?? null, id, claim],
    );
  }

  /** Nobody tries it again until somebody asks for it. */
  async setAside({ id, claim }: ClaimedJob, reason: string): Promise<void> {
    await query(
      this.em,
      'update outbox_job set claim = null, again = false, set_aside_at = now(), error = ? where id = ? and claim = ?',
      [reason.slice(0, MAX_REASON_LENGTH), id, claim],
    );
  }

  /** Sees to it that there is one of each. */
  async seedRecurring(tasks: readonly string[]): Promise<void> {
    await query(
      this.em,
      `insert into outbox_job (id, task, key, payload, created_at, run_at)
       select id, task, ?, '{}', now(), now() from unnest(?::uuid[], ?::text[]) as recurring(id, task) order by task
       on conflict (task, shop_id, key) where key is not null and set_aside_at is null do nothing`,
      [RECURRING_KEY, arrayLiteral(tasks.map(() => newId())), arrayLiteral(tasks)],
    );
  }

  async counts(): Promise<JobCounts[]> {
    return query<JobCounts>(
      this.em,
      `select task, (count(*) filter (where set_aside_at is null))::int as waiting,
         (count(*) filter (where set_aside_at is not null))::int as "setAside",
         coalesce(extract(epoch from now() - min(run_at) filter (where set_aside_at is null and run_at < now())), 0)::float8 as "lateSeconds"
       from outbox_job group by task`,
    );
  }
}
