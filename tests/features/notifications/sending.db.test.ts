import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryReportService } from '../../../src/features/notifications/delivery-report.service.js';
import { LEASE_MS } from '../../../src/features/notifications/send-desk.service.js';
import { GiveUp, NotNow } from '../../../src/platform/outbox/task.js';
import { DeliveryError } from '../../../src/features/notifications/delivery.port.js';
import { NotificationBench, WINDOW_MS } from './notification-bench.js';

let bench: NotificationBench;
beforeEach(async () => {
  bench = await NotificationBench.open();
});
afterEach(() => bench.close());

const HOUR_MS = 3_600_000;

/** One alert, told and due. */
async function dueOne(): Promise<string> {
  await bench.tell(await bench.alerts(1));
  bench.after(WINDOW_MS);
  return (await bench.notifications()).findLast(({ closedAt }) => closedAt === null)?.id ?? '';
}

describe('when it is sent', () => {
  test('not before its window is over; one alert is a single message', async () => {
    await bench.listener();
    await bench.tell(await bench.alerts(1));
    const { id } = await bench.only();
    expect(await bench.send(id)).toBeInstanceOf(NotNow);
    bench.after(WINDOW_MS);
    expect(await bench.send(id)).toBeUndefined();
    expect(await bench.only()).toMatchObject({ state: 'SENT', form: 'SINGLE', tries: 1, address: 'sipho@example.co.za' });
    expect(bench.mail.sent).toMatchObject([{ id, to: { address: 'sipho@example.co.za', name: 'Sipho' } }]);
  });

  test('a burst is waited for until it is calm, but not for ever', async () => {
    await bench.listener();
    const alerts = await bench.alerts(200);
    for (const alert of alerts) {
      await bench.tell([alert]);
      bench.after(5_000);
    }
    const sizes = await bench.sql<{ count: number }>('select count(*)::int as count from alert_notice group by notification_id');
    expect(sizes).toEqual([{ count: 200 }]);
    const { dueAt, createdAt } = await bench.only();
    expect(dueAt.getTime() - createdAt.getTime()).toBe(5 * WINDOW_MS);
  });

  test('quiet hours put it off to their end on the shop’s wall, with what else comes', async () => {
    await bench.listener({ quietFrom: '21:00', quietTo: '06:00' });
    bench.now = new Date('2026-06-01T20:00:00Z');
    const id = await dueOne();
    const putOff = await bench.send(id);
    expect(putOff).toBeInstanceOf(NotNow);
    await bench.tell(await bench.alerts(2));
    bench.now = new Date('2026-06-02T03:59:00Z');
    expect(await bench.send(id)).toBeInstanceOf(NotNow);
    bench.now = new Date('2026-06-02T04:00:00Z');
    expect(await bench.send(id)).toBeUndefined();
    expect(await bench.only()).toMatchObject({ state: 'SENT', form: 'DIGEST' });
    expect(bench.mail.sent[0]?.subject).toContain('3 ');
  });

  test('over the daily cap the rest is one digest of the next morning; the day is the shop’s', async () => {
    await bench.listener({ dailyCap: 2 });
    bench.now = new Date('2026-06-01T22:30:00Z');
    for (let sent = 0; sent < 2; sent += 1) expect(await bench.send(await dueOne())).toBeUndefined();
    const rest = await dueOne();
    expect(await bench.send(rest)).toBeInstanceOf(NotNow);
    await bench.tell(await bench.alerts(3));
    bench.after(12 * HOUR_MS);
    expect(await bench.send(rest)).toBeInstanceOf(NotNow);
    bench.now = new Date('2026-06-02T22:05:00Z');
    expect(await bench.send(rest)).toBeUndefined();
    expect(bench.mail.sent).toHaveLength(3);
    expect(bench.mail.sent[2]?.subject).toContain('4 ');
  });

  test('a cap is of the person, not of the channel', async () => {
    await bench.listener({ dailyCap: 1 }, ['EMAIL', 'SMS']);
    await bench.tell(await bench.alerts(1));
    bench.after(WINDOW_MS);
    const ids = await bench.sendJobs();
    const ends = await Promise.all(ids.map((id) => bench.send(id)));
    expect(ends.filter((end) => end instanceof NotNow)).toHaveLength(1);
    expect(bench.mail.sent.length + bench.sms.sent.length).toBe(1);
  });
});

describe('what becomes of it', () => {
  test('what was not taken is tried again with the same text and id', async () => {
    await bench.listener();
    const id = await dueOne();
    bench.mail.behave('NOT_NOW', 'TAKES_AND_HANGS_UP', 'TAKES');
    expect(await bench.send(id)).toBeInstanceOf(DeliveryError);
    expect(await bench.only()).toMatchObject({ state: 'QUEUED', reason: 'Not now.', tries: 1 });
    await bench.tell(await bench.alerts(1));
    expect(await bench.send(id, { attempt: 2 })).toBeInstanceOf(DeliveryError);
    expect(await bench.send(id, { attempt: 3 })).toBeUndefined();
    expect(bench.mail.sent).toHaveLength(2);
    expect(bench.mail.sent[0]).toEqual(bench.mail.sent[1]);
    expect(await bench.send(id)).toBeUndefined();
    expect(bench.mail.sent).toHaveLength(2);
  });

  test('a process that dies between the deed and its mark makes one more, under the same id', async () => {
    await bench.listener();
    const id = await dueOne();
    const dying = bench.sender({
      EMAIL: { name: 'dies', send: (mail, signal) => bench.mail.send(mail, signal).then(() => new Promise(() => undefined)) },
    });
    void bench.send(id, { sender: dying });
    while (bench.mail.sent.length === 0) await new Promise(setImmediate);
    expect(await bench.send(id)).toBeInstanceOf(NotNow);
    bench.after(LEASE_MS);
    expect(await bench.send(id)).toBeUndefined();
    expect(bench.mail.sent.map((mail) => mail.id)).toEqual([id, id]);
    expect(await bench.only()).toMatchObject({ state: 'SENT', tries: 2 });
  });

  test('an address that nobody has is paused with the reason, and shown; what comes later is not sent there until it is resumed', async () => {
    const { id: recipient } = await bench.listener();
    const id = await dueOne();
    bench.mail.behave('NOBODY_THERE', 'TAKES');
    expect(await bench.send(id)).toBeUndefined();
    expect(await bench.only()).toMatchObject({ state: 'FAILED', reason: 'Nobody is there.' });
    expect(await bench.recipient(recipient)).toMatchObject({ emailPausedReason: 'Nobody is there.', smsPausedReason: null });
    await bench.tell(await bench.alerts(1));
    expect(await bench.notifications()).toHaveLength(1);
    await bench.recipients.resume(bench.shop.actor, { id: recipient }, 'EMAIL');
    expect(await bench.send(await dueOne())).toBeUndefined();
    expect(bench.mail.sent).toHaveLength(1);
  });

  test('what is our fault, or nobody’s, pauses nobody, and is given up after so many tries', async () => {
    const { id: recipient } = await bench.listener({}, ['SMS']);
    const id = await dueOne();
    bench.sms.behave('KEY_REFUSED');
    expect(await bench.send(id)).toBeInstanceOf(DeliveryError);
    bench.sms.behave('SLOW_DOWN');
    expect(await bench.send(id)).toMatchObject({ delayMs: 7_000 });
    bench.sms.behave('NOT_NOW');
    expect(await bench.send(id, { attempt: 60 })).toBeInstanceOf(GiveUp);
    expect(await bench.only()).toMatchObject({ state: 'FAILED', reason: 'NOT_NOW' });
    expect((await bench.recipient(recipient)).smsPausedReason).toBeNull();
    bench.sms.behave('TAKES');
    expect(await bench.send(id)).toBeUndefined();
    expect(await bench.only()).toMatchObject({ state: 'SENT', reason: null });
  });

  test('where nothing is set up it is kept, with its text', async () => {
    await bench.listener({}, ['EMAIL', 'SMS']);
    await bench.tell(await bench.alerts(1));
    bench.after(WINDOW_MS);
    const sender = bench.sender({ EMAIL: undefined, SMS: undefined });
    for (const id of await bench.sendJobs()) expect(await bench.send(id, { sender })).toBeUndefined();
    const kept = await bench.notifications();
    expect(kept.map(({ state, text }) => [state, text?.includes('Item 1')])).toEqual(Array(2).fill(['KEPT', true]));
    expect(kept.map(({ segments }) => segments).sort()).toEqual([1, null]);
  });
});

describe('what a provider reports', () => {
  async function sentSms(): Promise<{ reports: DeliveryReportService; recipient: string }> {
    const { id: recipient } = await bench.listener({}, ['SMS']);
    await bench.send(await dueOne());
    return { recipient, reports: new DeliveryReportService(bench.work, bench.clock, bench.sms) };
  }
  const reference = (): string => `fake-${bench.sms.sent[0]?.id ?? ''}`;

  test('it arrived, whatever comes after', async () => {
    const { reports } = await sentSms();
    expect(await reports.take(bench.sms.report(reference(), 'DELIVERED'))).toBe(1);
    expect(await reports.take(bench.sms.report(reference(), 'FAILED'))).toBe(1);
    expect(await bench.only()).toMatchObject({ state: 'DELIVERED', deliveredAt: bench.now });
  });

  test('a number that is refused for good is paused', async () => {
    const { reports, recipient } = await sentSms();
    expect(await reports.take(bench.sms.report(reference(), 'REFUSED'))).toBe(1);
    expect(await bench.only()).toMatchObject({ state: 'FAILED', reason: 'REFUSED' });
    expect(await bench.recipient(recipient)).toMatchObject({ smsPausedReason: 'REFUSED', emailPausedReason: null });
  });

  test('one that failed this once pauses nobody; nothing final changes nothing; nobody’s is none', async () => {
    const { reports, recipient } = await sentSms();
    expect(await reports.take(bench.sms.report(reference(), 'ON_ITS_WAY'))).toBe(0);
    expect(await reports.take(bench.sms.report('another', 'DELIVERED'))).toBe(0);
    expect(await bench.only()).toMatchObject({ state: 'SENT' });
    expect(await reports.take(bench.sms.report(reference(), 'FAILED'))).toBe(1);
    expect((await bench.recipient(recipient)).smsPausedReason).toBeNull();
  });
});
