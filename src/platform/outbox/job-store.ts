import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { arrayLiteral, query as ask } from '../sql.js';
import { acrossShops } from '../tenancy.js';
import type { RunningJob } from './task.js';

/** A job that a worker has taken: it is the worker's for as long as the row bears this claim. */
export interface ClaimedJob extends RunningJob {
  readonly task: string;
  readonly lane: string | null;
  readonly claim: string;
  /** How often in a row the process has ended that held it. */
  readonly deaths: number;
}

/** What a worker has room for: so many of a task, of one shop so many at most, those that it holds already included. */
export interface Room {
  readonly task: string;
  readonly slots: number;
  readonly perShop: number;
  readonly heldByShop: ReadonlyMap<string, number>;
}

interface JobRow {
  readonly id: string;
  readonly shop_id: string | null;
  readonly task: string;
  readonly lane: string | null;
  readonly payload: unknown;
  readonly attempts: number;
  readonly deaths: number;
  readonly created_at: string | Date;
  readonly claim: string;
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
const BEGIN_ANEW = 'update outbox_job set claim = null, again = false, attempts = 0, deaths = 0, run_at = now(), error = ?';
/** Of what is due of a task, so many are looked at in one go: more than any task does at once. */
const WINDOW = 200;

/** A job that still bears a claim was held by a process that is dead, or as good as dead. */
const CLAIM = `
  with wanted as (select * from unnest(?::text[], ?::int[], ?::int[]) as wanted(task, slots, per_shop)),
  held as (select * from unnest(?::text[], ?::uuid[], ?::int[]) as held(task, shop_id, count)),
  due as (
    select job.id, job.task, job.run_at, wanted.slots, wanted.per_shop - coalesce(held.count, 0) as left_of_shop,
      row_number() over (partition by job.task, job.shop_id order by job.run_at, job.id) as turn
    from wanted cross join lateral (
      select id, task, shop_id, run_at from outbox_job where task = wanted.task and run_at <= now() and set_aside_at is null
        and not exists (
          select 1 from held where held.task = wanted.task and held.shop_id = outbox_job.shop_id and held.count >= wanted.per_shop)
      order by run_at limit ?) as job
    left join held on held.task = job.task and held.shop_id = job.shop_id),
  fair as (
    select id, slots, row_number() over (partition by task order by turn, run_at, id) as place from due where turn <= left_of_shop),
  taken as (
    select job.id from outbox_job as job join fair on fair.id = job.id and fair.place <= fair.slots
    where job.run_at <= now() and job.set_aside_at is null for update of job skip locked)
  update outbox_job as job set claim = ?, run_at = ${LATER}, attempts = job.attempts + 1,
    deaths = job.deaths + case when job.claim is null then 0 else 1 end
  from taken where job.id = taken.id
  returning job.id, job.shop_id, job.task, job.lane, job.payload, job.attempts, job.deaths, job.created_at, job.claim`;

/** Jobs are every shop's, whoever asks for them: a request that wakes a worker serves one shop, and the worker all. */
const query: typeof ask = (em, sql, parameters) => acrossShops(() => ask(em, sql, parameters));

/** The table of jobs, as workers use it. Every statement is a transaction of its own. */
export class JobStore {
  constructor(
    private readonly em: EntityManager,
    /** How long a claim holds, from when it was taken or renewed. */
    private readonly leaseMs: number,
  ) {}

  /**
   * Takes what is due, shop by shop in turn; what others are taking at this moment is left to them. Of what is due it looks at the oldest only, so
   * whoever wants to know that nothing is left asks again until nothing comes.
   */
  async claim(rooms: readonly Room[]): Promise<ClaimedJob[]> {
    const held = rooms.flatMap(({ task, heldByShop }) => [...heldByShop].map(([shopId, count]) => ({ task, shopId, count })));
    const rows = await query<JobRow>(this.em, CLAIM, [
      ...[arrayLiteral(rooms.map(({ task }) => task)), numbers(rooms.map(({ slots }) => slots))],
      ...[numbers(rooms.map(({ perShop }) => perShop))],
      ...[arrayLiteral(held.map(({ task }) => task)), arrayLiteral(held.map(({ shopId }) => shopId))],
      ...[numbers(held.map(({ count }) => count)), WINDOW, newId(), this.leaseMs],
    ]);
    return rows.map(({ id, shop_id: shopId, task, lane, payload, attempts, deaths, created_at: createdAt, claim }) => ({
      ...{ id, shopId, task, lane, payload, attempt: attempts - deaths, deaths, createdAt: new Date(createdAt), claim },
    }));
  }

  /** Holds on to these for another lease. Answers with the ids of those that are still the caller's. */
  async renew(jobs: readonly ClaimedJob[]): Promise<ReadonlySet<string>> {
    const rows = await query<{ id: string }>(
      this.em,
      // In the order in which jobs are written, so that who writes one of the same key is not waited for in a circle.
      `with mine as (
         select id from outbox_job where (id, claim) in (select * from unnest(?::uuid[], ?::uuid[]))
         order by task, shop_id, key, id for update)
       update outbox_job as job set run_at = ${LATER} from mine where job.id = mine.id returning job.id`,
      [arrayLiteral(jobs.map(({ id }) => id)), arrayLiteral(jobs.map(({ claim }) => claim)), this.leaseMs],
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
    await query(this.em, `${BEGIN_ANEW} where id = ? and claim = ? and again`, [null, id, claim]);
  }

  /** It is tried again after `delayMs`; with `isFailure` false the try does not count. */
  async later(
    { id, claim }: ClaimedJob,
    { delayMs, reason, isFailure }: { delayMs: number; reason: string; isFailure: boolean },
  ) {
    await query(
      this.em,
      `update outbox_job set claim = null, again = false, run_at = ${LATER}, error = ?,
         attempts = attempts - deaths - ?::int, deaths = 0
       where id = ? and claim = ?`,
      [delayMs, reason.slice(0, MAX_REASON_LENGTH), isFailure ? 0 : 1, id, claim],
    );
  }

  /** What recurs has ended and waits for its next time. */
  async rest({ id, claim }: ClaimedJob, everyMs: number, reason: string | null): Promise<void> {
    await query(
      this.em,
      `update outbox_job set claim = null, again = false, attempts = 0, deaths = 0, run_at = ${LATER}, error = ? where id = ? and claim = ?`,
      [everyMs, reason?.slice(0, MAX_REASON_LENGTH) ?? null, id, claim],
    );
  }

  /** Puts off what waits of the job's task, shop and lane, each for a time of its own between `delayMs` and twice that. */
  async laneLater({ task, shopId, lane }: ClaimedJob, delayMs: number, reason: string): Promise<void> {
    await query(
      this.em,
      `with waiting as (
         select id from outbox_job where task = ? and shop_id = ? and lane = ? and claim is null and set_aside_at is null
           and run_at < ${LATER} order by key, id for update skip locked)
       update outbox_job as job set run_at = now() + make_interval(secs => ?::double precision / 1000) * (1 + random()), error = ?
       from waiting where job.id = waiting.id`,
      [task, shopId, lane, delayMs, delayMs, reason.slice(0, MAX_REASON_LENGTH)],
    );
  }

  /** Nobody tries it again until somebody asks for it; where another of its key has come meanwhile, that has asked. */
  async setAside({ id, claim }: ClaimedJob, reason: string): Promise<void> {
    const kept = reason.slice(0, MAX_REASON_LENGTH);
    const put = await query(
      this.em,
      `update outbox_job set claim = null, set_aside_at = now(), error = ? where id = ? and claim = ? and not again returning id`,
      [kept, id, claim],
    );
    if (put.length > 0) return;
    await query(this.em, `${BEGIN_ANEW} where id = ? and claim = ? and again`, [kept, id, claim]);
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

function numbers(values: readonly number[]): string {
  return arrayLiteral(values.map(String));
}
