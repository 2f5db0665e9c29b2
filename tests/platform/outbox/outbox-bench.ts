import { newId } from '../../../src/kernel/ids.js';
import { createLogger } from '../../../src/platform/log.js';
import type { Job } from '../../../src/platform/outbox/job.js';
import type { OutboxMetrics } from '../../../src/platform/outbox/outbox-metrics.js';
import type { RunningJob, Task } from '../../../src/platform/outbox/task.js';
import { Worker } from '../../../src/platform/outbox/worker.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** A row of the table of jobs, as a test looks at it. */
export interface JobRow {
  readonly id: string;
  readonly task: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly again: boolean;
  readonly isClaimed: boolean;
  readonly isSetAside: boolean;
  readonly dueInMs: number;
}

const NO_RETRY = (): undefined => undefined;

/** A task that notes what it is given. */
export function noting(name: string, runs: RunningJob[], options: Partial<Task> = {}): Task {
  const run = (job: RunningJob): Promise<void> => {
    runs.push(job);
    return Promise.resolve();
  };
  return { name, concurrency: 1, retryInMs: NO_RETRY, run, ...options };
}

/** A database, units of work over it, and workers that do nothing until they are drained. */
export class OutboxBench {
  readonly shopId = newId();
  readonly ended: [task: string, outcome: string][] = [];
  private readonly workers: Worker[] = [];

  private constructor(readonly database: TestDatabase) {}

  static async open(): Promise<OutboxBench> {
    return new OutboxBench(await createTestDatabase());
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.database.drop();
  }

  async worker(tasks: readonly Task[], { works = false } = {}): Promise<Worker> {
    const { em } = this.database.orm;
    const metrics: OutboxMetrics = { ended: (task, outcome) => this.ended.push([task, outcome]), watch: () => undefined };
    const worker = new Worker({ em, log: createLogger({ level: 'silent' }), metrics });
    this.workers.push(worker);
    await worker.start(tasks, { works });
    return worker;
  }

  work(wake: () => void = () => undefined): UnitOfWork {
    return new UnitOfWork(
      this.database.orm.em,
      {},
      {
        ready: () => Promise.resolve(),
        stampsOf: () => [],
        notesOf: () => [],
        announce: () => Promise.resolve(),
        jobsOf: ({ type, shopId }) => [{ task: type, shopId, payload: { of: 'event' } }],
        wake,
      },
    );
  }

  job(task: string, more: Partial<Job> = {}): Job {
    return { task, shopId: this.shopId, payload: {}, ...more };
  }

  async enqueue(...jobs: readonly Job[]): Promise<void> {
    await this.work().run(this, (transaction) => {
      for (const job of jobs) transaction.enqueue(job);
      return Promise.resolve();
    });
  }

  jobs(): Promise<JobRow[]> {
    return this.database.orm.em.fork().execute<JobRow[]>(
      `select id, task, attempts, error, again, claim is not null as "isClaimed", set_aside_at is not null as "isSetAside",
         (extract(epoch from run_at - now()) * 1000)::float8 as "dueInMs"
       from outbox_job order by id`,
    );
  }

  /** As if so much time had passed, for every job. */
  async pass(ms: number): Promise<void> {
    await this.database.orm.em.fork().execute('update outbox_job set run_at = run_at - make_interval(secs => ? / 1000.0)', [ms]);
  }
}
