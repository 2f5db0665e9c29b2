import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlertEvent } from '../../../src/features/alerts/index.js';
import { fanOutOf, foldFanOuts } from '../../../src/features/notifications/index.js';
import { newId } from '../../../src/kernel/ids.js';
import type { Job } from '../../../src/platform/outbox/job.js';
import { statementsOf } from '../../support/statements.js';
import { NotificationBench } from './notification-bench.js';

let bench: NotificationBench;
beforeEach(async () => {
  bench = await NotificationBench.open();
});
afterEach(() => bench.close());

const notifies = async (): Promise<unknown> =>
  (await bench.sql<{ notifies: boolean }>('select notifies from shop where id = ?', [bench.shop.actor.shopId]))[0]?.notifies;

describe('many alerts for many people', () => {
  /** How many statements it takes, the transaction's own included. */
  async function countFor(alerts: number): Promise<number> {
    const ids = await bench.alerts(alerts);
    return (await statementsOf(bench.database.orm.em.fork(), () => bench.tell(ids))).length;
  }

  test('take as many statements as one for one, and each person has one notification a channel with all of them', async () => {
    await bench.listener({}, ['EMAIL']);
    const forOne = await countFor(1);
    expect(forOne).toBeGreaterThan(0);
    for (const name of ['B', 'C', 'D']) await bench.listener({ name }, ['EMAIL', 'SMS']);
    expect(await countFor(50)).toBe(forOne);
    const sizes = await bench.sql<{ count: number }>(
      'select count(*)::int as count from alert_notice group by notification_id order by 1',
    );
    expect(sizes.map(({ count }) => count)).toEqual([50, 50, 50, 50, 50, 50, 51]);
    expect(await bench.sendJobs()).toHaveLength(7);
  });

  test('whoever is switched off, or whose address is paused, is told nothing, and has no notification for it', async () => {
    await bench.listener({ name: 'Off', enabled: false }, ['EMAIL', 'SMS']);
    const { id } = await bench.listener({ name: 'Paused' }, ['EMAIL', 'SMS']);
    await bench.sql('update notification_recipient set email_paused_at = now(), email_paused_reason = ? where id = ?', ['x', id]);
    await bench.tell(await bench.alerts(2));
    expect(await bench.only()).toMatchObject({ channel: 'SMS' });
  });
});

describe('what one transaction opens', () => {
  const opened = (shopId: string, isHeard = true): AlertEvent => ({
    ...{ type: 'alert.opened', shopId, alertId: newId(), kind: 'LOW_STOCK', webhookKinds: [], notifies: isHeard },
  });
  const sizesOf = (jobs: readonly Job[]): unknown[] =>
    jobs.map(({ shopId, payload }) => [shopId, (payload as unknown as { alerts: string[] }).alerts.length]);

  test('is one job for each shop and 200 alerts, and leaves other jobs as they are', () => {
    const events = Array.from({ length: 450 }, () => opened('a'));
    const other: Job = { task: 'another', shopId: 'a', payload: {} };
    const jobs = foldFanOuts([...events.flatMap(fanOutOf), other, ...fanOutOf(opened('b'))]);
    expect(jobs).toContain(other);
    expect(sizesOf(jobs.filter((job) => job !== other))).toEqual([
      ['a', 200],
      ['a', 200],
      ['a', 50],
      ['b', 1],
    ]);
    expect(new Set(jobs.flatMap(({ payload }) => payload.alerts ?? [])).size).toBe(451);
  });

  test('is no job where nobody listens', () => {
    expect(fanOutOf(opened('a', false))).toEqual([]);
  });
});

test('the shop’s row says whether anybody listens', async () => {
  const { actor } = bench.shop;
  expect(await notifies()).toBe(false);
  const made = await bench.recipients.create(actor, { name: 'Nomsa', email: 'nomsa@example.co.za' });
  expect(await notifies()).toBe(false);
  await bench.recipients.subscribe(actor, made, [{ kind: 'LOW_STOCK', channel: 'EMAIL' }]);
  expect(await notifies()).toBe(true);
  await bench.recipients.update(actor, made, { enabled: false });
  expect(await notifies()).toBe(false);
  const { id } = await bench.listener();
  expect(await notifies()).toBe(true);
  await bench.recipients.subscribe(actor, { id }, []);
  expect(await notifies()).toBe(false);
  await bench.recipients.update(actor, made, { enabled: true });
  expect(await notifies()).toBe(true);
  await bench.recipients.remove(actor, made);
  expect(await notifies()).toBe(false);
});
