import type { EntityManager } from '@mikro-orm/postgresql';
import { passFailpoint, type Failpoints } from '../failpoints.js';
import type { Logger } from '../log.js';
import { JobStore, type ClaimedJob, type Room } from './job-store.js';
import { NO_OUTBOX_METRICS, type OutboxMetrics } from './outbox-metrics.js';
import { GiveUp, NotNow, type Task } from './task.js';
import { acrossShops, EVERY_SHOP, within } from '../tenancy.js';

export interface WorkerOptions {
  readonly em: EntityManager;
  readonly log: Logger;
  readonly metrics?: OutboxMetrics | undefined;
  readonly failpoints?: Failpoints;
}

/** What a process that dies holds is taken by another once this has passed since it last held on to it. */
const LEASE_MS = 10_000;
const RENEW_MS = LEASE_MS / 4;
/** How soon an instance sees what another one wrote, or what has become due. What it wrote itself it sees at once. */
const POLL_MS = 1_000;
/** How long a stop waits for jobs that are being done; they are then given up and done again later. */
const STOP_MS = 5_000;
/** A job that its process did not survive so often in a row is set aside: the next one would not either. */
const MAX_DEATHS = 10;
/** What one shop holds of a task at most, as a part of what a process does at once. */
const SHOP_SHARE = 4;
/** Places where a process may die, for checks: jobs are committed and nobody was told; taken, and not yet done; done, and not yet marked. */
const COMMITTED = 'outbox.committed';
const claimed = (task: string): string => `outbox.claimed.${task}`;
const sent = (task: string): string => `outbox.sent.${task}`;

interface Running {
  readonly job: ClaimedJob;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Does jobs, as many at once as their tasks allow. Any number of instances share the work through the table alone. */
export class Worker {
  private readonly store: JobStore;
  private readonly metrics: OutboxMetrics;
  private tasks: ReadonlyMap<string, Task> = new Map();
  private readonly running = new Map<string, Running>();
  private timers: NodeJS.Timeout[] = [];
  private taking: Promise<number> | undefined;
  private isAwake = false;
  private isStopped = true;
  private isLookDue = false;
  private isReadable = true;

  constructor(private readonly options: WorkerOptions) {
    this.store = new JobStore(options.em.fork(), LEASE_MS);
    this.metrics = options.metrics ?? NO_OUTBOX_METRICS;
    this.metrics.watch(() => this.store.counts());
  }

  /** With `works` false nothing is done until `drain` is called. */
  async start(tasks: readonly Task[], { works }: { works: boolean }): Promise<void> {
    this.tasks = new Map(tasks.map((task) => [task.name, task]));
    if (this.tasks.size < tasks.length) throw new Error('Two tasks have one name.');
    await this.store.seedRecurring(tasks.flatMap(({ name, everyMs }) => (everyMs === undefined ? [] : [name])));
    this.isStopped = false;
    const every = (ms: number, act: () => void): NodeJS.Timeout => setInterval(act, ms).unref();
    this.timers = [every(RENEW_MS, () => void this.renew())];
    if (!works) return;
    this.isAwake = true;
    this.timers.push(
      every(POLL_MS, () => {
        this.look();
      }),
    );
    this.look();
  }

  /** Told of each commit that left jobs behind. */
  wake(): void {
    this.mayDie(COMMITTED);
    this.look();
  }

  /** Does all that is due by now, and what follows from it, before it returns. */
  async drain(): Promise<void> {
    for (;;) {
      const taken = await this.take();
      if (taken === 0 && this.running.size === 0) return;
      await Promise.all([...this.running.values()].map(({ ended }) => ended));
    }
  }

  /** Takes no more, and waits for what is being done for a little while. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.isAwake = false;
    for (const timer of this.timers) clearInterval(timer);
    await this.taking?.catch(() => undefined);
    const left = [...this.running.values()];
    const late = setTimeout(() => {
      for (const { controller } of left) controller.abort();
    }, STOP_MS);
    await Promise.race([Promise.all(left.map(({ ended }) => ended)), pause(STOP_MS * 2)]);
    clearTimeout(late);
  }

  /** However many call while one look goes on: one more follows it, so that nothing that was committed before a call is missed. */
  private look(): void {
    if (!this.isAwake || this.isLookDue) return;
    this.isLookDue = true;
    this.take().then(
      () => {
        this.isReadable = true;
      },
      (error: unknown) => {
        // Once, not every second for as long as the database is away.
        if (this.isReadable) this.options.log.warn({ err: error }, 'the outbox could not be read');
        this.isReadable = false;
      },
    );
  }

  /** One at a time. */
  private async take(): Promise<number> {
    while (this.taking) await this.taking.catch(() => undefined);
    if (this.isStopped) {
      this.isLookDue = false;
      return 0;
    }
    this.taking = this.takeNow();
    try {
      return await this.taking;
    } finally {
      this.taking = undefined;
    }
  }

  private async takeNow(): Promise<number> {
    this.isLookDue = false;
    for (let total = 0; ;) {
      const rooms = [...this.tasks.values()].map((task) => this.roomFor(task)).filter(({ slots }) => slots > 0);
      const jobs = rooms.length === 0 ? [] : await this.store.claim(rooms);
      for (const job of jobs) this.begin(job);
      total += jobs.length;
      if (jobs.length === 0) return total;
    }
  }

  private roomFor({ name, concurrency }: Task): Room {
    const held = [...this.running.values()].filter(({ job }) => job.task === name);
    const heldByShop = new Map<string, number>();
    for (const { job } of held) if (job.shopId !== null) heldByShop.set(job.shopId, (heldByShop.get(job.shopId) ?? 0) + 1);
    return { task: name, slots: concurrency - held.length, perShop: Math.ceil(concurrency / SHOP_SHARE), heldByShop };
  }

  private begin(job: ClaimedJob): void {
    const task = this.tasks.get(job.task);
    if (!task) throw new Error('A job was taken that nobody can do.');
    const controller = new AbortController();
    const ended = this.finish(job, task, controller.signal)
      .catch((error: unknown) => {
        // The mark could not be set: the lease ends by itself, and the job is done once more.
        this.options.log.warn({ err: error, task: job.task, job: job.id }, 'a job could not be marked');
      })
      .finally(() => {
        this.running.delete(job.claim + job.id);
        this.look();
      });
    this.running.set(job.claim + job.id, { job, controller, ended });
  }

  private async finish(job: ClaimedJob, task: Task, signal: AbortSignal): Promise<void> {
    if (task.everyMs === undefined && job.deaths >= MAX_DEATHS) {
      await this.setAside(job, 'The process ended each time while it was being done.');
      return;
    }
    try {
      this.mayDie(claimed(job.task));
      await acrossShops(() => within(job.shopId === null ? EVERY_SHOP : { shopId: job.shopId }, () => task.run(job, signal)));
    } catch (error) {
      await this.failed(job, task, error);
      return;
    }
    this.mayDie(sent(job.task));
    await (task.everyMs === undefined ? this.store.done(job) : this.store.rest(job, task.everyMs, null));
    this.metrics.ended(job.task, 'done');
  }

  private async failed(job: ClaimedJob, task: Task, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof NotNow) {
      await this.store.later(job, { delayMs: error.delayMs, reason, isFailure: false });
      if (error.ofLane && job.lane !== null) await this.store.laneLater(job, error.delayMs, reason);
      this.metrics.ended(job.task, 'put_off');
      return;
    }
    this.report(job, error);
    if (task.everyMs !== undefined) {
      await this.store.rest(job, task.everyMs, reason);
      this.metrics.ended(job.task, 'failed');
      return;
    }
    const delayMs = error instanceof GiveUp ? undefined : task.retryInMs(job.attempt);
    if (delayMs === undefined) {
      await this.setAside(job, reason);
      return;
    }
    await this.store.later(job, { delayMs, reason, isFailure: true });
    this.metrics.ended(job.task, 'failed');
  }

  private async setAside(job: ClaimedJob, reason: string): Promise<void> {
    await this.store.setAside(job, reason);
    this.metrics.ended(job.task, 'set_aside');
    this.options.log.error({ task: job.task, job: job.id, attempt: job.attempt }, 'a job was set aside');
  }

  /** Where it failed, not what it said: a far side's words may quote an address. They are kept with the job, for its owner. */
  private report({ task, id, attempt }: ClaimedJob, error: unknown): void {
    const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined };
    const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
    this.options.log.warn({ task, job: id, attempt, error: name, frames }, 'a job failed');
  }

  private mayDie(place: string): void {
    passFailpoint(this.options.failpoints ?? {}, place);
  }

  private async renew(): Promise<void> {
    const held = [...this.running.values()];
    if (held.length === 0) return;
    try {
      const still = await this.store.renew(held.map(({ job }) => job));
      for (const { job, controller } of held) if (!still.has(job.id)) controller.abort();
    } catch (error) {
      this.options.log.warn({ err: error }, 'jobs could not be held on to');
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
