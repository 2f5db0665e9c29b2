import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { query } from '../sql.js';
import type { Job } from './job.js';

/**
 * Writes jobs in the entity manager's own transaction, in one statement and in one order, so that two writers of the same keys wait for each
 * other in one direction only. A job whose key waits already adds nothing; while one of that key runs, it is noted to run once more.
 */
export async function writeJobs(em: EntityManager, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  const rows = [...onePerKey(jobs)].map(({ id, task, shopId, key, lane, payload, runAt }) => ({
    ...{ id: id ?? newId(), task, key: key ?? null, lane: lane ?? null, payload },
    shop_id: shopId,
    run_at: runAt?.toISOString() ?? null,
  }));
  await query(
    em,
    `insert into outbox_job (id, shop_id, task, key, lane, payload, created_at, run_at)
     select id, shop_id, task, key, lane, payload, now(), coalesce(run_at, now())
     from jsonb_to_recordset(?::jsonb) as job(id uuid, shop_id uuid, task text, key text, lane text, payload jsonb, run_at timestamptz)
     order by task, shop_id, key, id
     on conflict (task, shop_id, key) where key is not null and set_aside_at is null do update
     set again = outbox_job.again or outbox_job.claim is not null,
       run_at = case when outbox_job.claim is null then least(outbox_job.run_at, excluded.run_at) else outbox_job.run_at end`,
    [JSON.stringify(rows)],
  );
}

/** One statement may not meet a row twice. Of several jobs of one key the one that is due first stands for all. */
function onePerKey(jobs: readonly Job[]): Iterable<Job> {
  const kept = new Map<unknown, Job>();
  for (const job of jobs) {
    const name = job.key === undefined ? job : JSON.stringify([job.task, job.shopId, job.key]);
    const earlier = kept.get(name);
    if (!earlier || dueAtMs(job) < dueAtMs(earlier)) kept.set(name, job);
  }
  return kept.values();
}

function dueAtMs({ runAt }: Job): number {
  return runAt?.getTime() ?? 0;
}
