import { expect, test } from 'vitest';
import { NotificationSweep } from '../../../src/features/notifications/index.js';
import { NotificationBench, WINDOW_MS } from './notification-bench.js';

const DAY_MS = 24 * 3_600_000;
const SIGNAL = new AbortController().signal;

test('what was told, or collected, 90 days ago goes with its notices, a batch at a time; what is younger and all alerts stay', async () => {
  const bench = await NotificationBench.open();
  try {
    for (const name of ['A', 'B', 'C']) await bench.listener({ name });
    await bench.listener({ name: 'D' }, ['SMS']);
    await bench.tell(await bench.alerts(3));
    bench.after(WINDOW_MS);
    for (const { id, channel } of await bench.notifications()) if (channel === 'EMAIL') await bench.send(id);
    const sweep = new NotificationSweep(bench.work, bench.clock, 2);
    bench.after(90 * DAY_MS - WINDOW_MS);
    expect(await sweep.sweep(SIGNAL)).toBe(0);
    bench.after(WINDOW_MS + 1);
    await bench.listener({ name: 'E' });
    await bench.tell(await bench.alerts(1));
    await bench.sql('update notification set created_at = ? where channel = ?', [new Date('2026-01-01T00:00:00Z'), 'SMS']);
    expect(await sweep.sweep(SIGNAL)).toBe(4);
    expect((await bench.notifications()).map(({ closedAt }) => closedAt)).toEqual([null, null, null, null]);
    expect(await bench.sql('select 1 from alert_notice')).toHaveLength(4);
    expect(await bench.sql('select 1 from stock_alert')).toHaveLength(4);
    const plan = await bench.database.orm.em.fork().transactional(async (em) => {
      await em.execute('set local enable_seqscan = off');
      return em.execute('explain select shop_id, id from notification where closed_at < now() limit 2');
    });
    expect(JSON.stringify(plan)).toContain('notification_closed_index');
  } finally {
    await bench.close();
  }
});
