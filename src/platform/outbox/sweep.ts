import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../sql.js';
import { doubling, type Task } from './task.js';

const DAY_MS = 24 * 3_600_000;
/** How long what was set aside can be replayed. */
export const SET_ASIDE_KEPT_MS = 90 * DAY_MS;
const BATCH = 1_000;

/** Deletes what was set aside long ago, a batch at a time. */
export function sweepTask(em: EntityManager, keptMs = SET_ASIDE_KEPT_MS): Task {
  const sweepOnce = (): Promise<object[]> =>
    query(
      em.fork(),
      `delete from outbox_job where id in (
         select id from outbox_job where set_aside_at < now() - make_interval(secs => ?::double precision / 1000) limit ?) returning id`,
      [keptMs, BATCH],
    );
  return {
    name: 'outbox.sweep',
    concurrency: 1,
    everyMs: DAY_MS,
    retryInMs: doubling(1_000, 1),
    run: async (_, signal) => {
      while (!signal.aborted && (await sweepOnce()).length === BATCH);
    },
  };
}
