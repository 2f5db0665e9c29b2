import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { newId } from '../../src/kernel/ids.js';

/** A job that failed too often, of a task that no worker does; its global id. */
export async function setJobAside(
  { services }: Pick<App, 'services'>,
  { shopId }: Actor,
  name: string,
): Promise<{ job: string }> {
  const id = newId();
  await services.work.run({ shopId }, async (transaction) => {
    transaction.enqueue({ id, shopId, task: 'nobody.does', key: `${name}-job`, payload: {} });
    return Promise.resolve();
  });
  await services.work.run({ shopId }, ({ em }) =>
    em.execute(`update outbox_job set set_aside_at = now(), attempts = 3, error = ? where id = ?`, [`${name} reason`, id]),
  );
  return { job: toGlobalId('OutboxJob', id) };
}
