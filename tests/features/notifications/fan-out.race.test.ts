import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NotificationBench, WINDOW_MS } from './notification-bench.js';

let bench: NotificationBench;
beforeEach(async () => {
  bench = await NotificationBench.open();
});
afterEach(() => bench.close());

const WORKERS = 8;
const BURST = 300;
const MINUTE_MS = 60_000;

/** Several workers who take what is left, one after the other. */
async function byWorkers(work: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...work];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await next();
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

describe('300 alerts in a minute for one person, by several workers', () => {
  test('are one digest by each channel, with all of them in it, sent once', async () => {
    await bench.listener({}, ['EMAIL', 'SMS']);
    const alerts = await bench.alerts(BURST);
    const startedAt = bench.now.getTime();
    await byWorkers(
      alerts.map((alert, index) => async () => {
        bench.now = new Date(Math.max(bench.now.getTime(), startedAt + (index * MINUTE_MS) / BURST));
        await bench.tell([alert]);
      }),
    );
    const jobs = await bench.sendJobs();
    expect(jobs).toHaveLength(2);
    bench.after(WINDOW_MS);
    await Promise.all(jobs.flatMap((id) => Array.from({ length: WORKERS }, () => bench.send(id))));
    for (const id of jobs) expect(await bench.send(id)).toBeUndefined();
    expect(bench.mail.sent).toHaveLength(1);
    expect(bench.mail.sent[0]?.subject).toContain('300');
    expect(bench.sms.sent).toHaveLength(1);
    expect(bench.sms.sent[0]?.text).toContain('300');
    const rows = await bench.sql('select 1 from alert_notice');
    expect(rows).toHaveLength(2 * BURST);
    expect((await bench.notifications()).map(({ state, form }) => [state, form])).toEqual(Array(2).fill(['SENT', 'DIGEST']));
  });

  test('an alert that comes while its notification is closed is told in the next one, and none is told twice or never', async () => {
    await bench.listener();
    const first = await bench.alerts(1);
    await bench.tell(first);
    bench.after(WINDOW_MS);
    const alerts = await bench.alerts(40);
    const [id = ''] = await bench.sendJobs();
    await Promise.all([byWorkers(alerts.map((alert) => () => bench.tell([alert]))), bench.send(id)]);
    bench.after(10 * WINDOW_MS);
    for (const job of await bench.sendJobs()) await bench.send(job);
    const told = await bench.sql<{ count: number }>(
      'select count(*)::int as count from alert_notice join notification n on n.id = notification_id where n.state = ?',
      ['SENT'],
    );
    expect(told).toEqual([{ count: 41 }]);
    expect(bench.mail.sent.length).toBeGreaterThanOrEqual(1);
    expect(bench.mail.sent.length).toBeLessThanOrEqual(2);
  });
});

test('one alert whose job is done by all workers at once is told once', async () => {
  await bench.listener({}, ['EMAIL', 'SMS']);
  const [alert = ''] = await bench.alerts(1);
  await Promise.all(Array.from({ length: WORKERS }, () => bench.tell([alert])));
  await bench.tell([alert]);
  expect(await bench.sql('select 1 from alert_notice')).toHaveLength(2);
  expect(await bench.sendJobs()).toHaveLength(2);
});

test('a person who is removed while he is told is gone, and so is all that was to be sent', async () => {
  const { id } = await bench.listener({}, ['EMAIL', 'SMS']);
  const alerts = await bench.alerts(30);
  await Promise.all([
    byWorkers(alerts.map((alert) => () => bench.tell([alert]))),
    bench.recipients.remove(bench.shop.actor, { id }),
  ]);
  for (const table of ['alert_notice', 'notification', 'notification_subscription', 'notification_recipient']) {
    expect(await bench.sql(`select 1 from ${table}`)).toEqual([]);
  }
  for (const job of await bench.sendJobs()) expect(await bench.send(job)).toBeUndefined();
  expect(bench.mail.sent).toEqual([]);
});
