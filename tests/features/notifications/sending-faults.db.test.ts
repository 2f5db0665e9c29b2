import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryReportService } from '../../../src/features/notifications/delivery-report.service.js';
import { DeliveryError } from '../../../src/features/notifications/delivery.port.js';
import type { MailPort } from '../../../src/features/notifications/mail.port.js';
import { createLogger } from '../../../src/platform/log.js';
import { GiveUp, NotNow } from '../../../src/platform/outbox/task.js';
import { Worker } from '../../../src/platform/outbox/worker.js';
import { NotificationBench, WINDOW_MS } from './notification-bench.js';

let bench: NotificationBench;
beforeEach(async () => {
  bench = await NotificationBench.open();
});
afterEach(() => bench.close());

const HOUR_MS = 3_600_000;
const MAX_NAP_MS = 900_000;

/** One alert, told and due; gives the notification that is open then. */
async function dueOne(): Promise<string> {
  await bench.tell(await bench.alerts(1));
  bench.after(WINDOW_MS);
  return (await bench.notifications()).findLast(({ closedAt }) => closedAt === null)?.id ?? '';
}

/** A way out that fails like this, time and again. */
function failing(error: DeliveryError): MailPort {
  return { name: 'failing', send: () => Promise.reject(error) };
}

test('a mail server that never answers stops no SMS', async () => {
  for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) await bench.listener({ name });
  await bench.tell(await bench.alerts(1));
  bench.after(1_000);
  await bench.listener({ name: 'G' }, ['SMS']);
  await bench.tell(await bench.alerts(1));
  bench.after(WINDOW_MS);
  let hangUp: () => void = () => undefined;
  const hung = new Promise<never>((_, reject) => {
    hangUp = () => {
      reject(new DeliveryError('PASSING', 'It hung up.'));
    };
  });
  hung.catch(() => undefined);
  const sender = bench.sender({ EMAIL: { name: 'hanging', send: () => hung } });
  const worker = new Worker({ em: bench.database.orm.em.fork(), log: createLogger({ level: 'silent' }) });
  await worker.start(sender.tasks(), { works: true });
  try {
    await expect.poll(() => bench.sms.sent.length, { timeout: 8_000 }).toBe(1);
    expect(bench.mail.sent).toEqual([]);
  } finally {
    hangUp();
    await worker.stop();
  }
});

test('quiet hours also hold what failed before they began, which the cap does not ask for again', async () => {
  await bench.listener({ quietFrom: '21:00', quietTo: '06:00', dailyCap: 1 });
  bench.now = new Date('2026-06-01T18:50:00Z');
  const id = await dueOne();
  bench.mail.behave('NOT_NOW', 'TAKES');
  expect(await bench.send(id)).toBeInstanceOf(DeliveryError);
  bench.now = new Date('2026-06-01T19:00:00Z');
  expect(await bench.send(id, { attempt: 2 })).toBeInstanceOf(NotNow);
  expect(await bench.only()).toMatchObject({ state: 'QUEUED', reason: 'Quiet hours.', tries: 1 });
  expect(bench.mail.sent).toEqual([]);
  bench.now = new Date('2026-06-02T04:00:00Z');
  expect(await bench.send(id, { attempt: 2 })).toBeUndefined();
  expect(bench.mail.sent).toHaveLength(1);
});

describe('a new address', () => {
  const NEW = { email: 'sipho@shop.example', phone: '0831234567' };

  test('is where a try goes that follows it', async () => {
    const { id: recipient } = await bench.listener();
    const id = await dueOne();
    bench.mail.behave('NOT_NOW', 'TAKES');
    expect(await bench.send(id)).toBeInstanceOf(DeliveryError);
    await bench.recipients.update(bench.shop.actor, { id: recipient }, NEW);
    expect(await bench.send(id, { attempt: 2 })).toBeUndefined();
    expect(bench.mail.sent).toMatchObject([{ to: { address: NEW.email } }]);
    expect(await bench.only()).toMatchObject({ state: 'SENT', address: NEW.email });
  });

  test('is not paused by a refusal of the old one, and gets what was refused there', async () => {
    const { id: recipient } = await bench.listener();
    const id = await dueOne();
    const refusesAfterChange: MailPort = {
      name: 'slow',
      send: async () => {
        await bench.recipients.update(bench.shop.actor, { id: recipient }, NEW);
        throw new DeliveryError('RECIPIENT_REFUSED', 'Nobody is there.');
      },
    };
    await bench.send(id, { sender: bench.sender({ EMAIL: refusesAfterChange }) });
    expect((await bench.recipient(recipient)).emailPausedReason).toBeNull();
    expect(await bench.send(id, { attempt: 2 })).toBeUndefined();
    expect(bench.mail.sent).toMatchObject([{ to: { address: NEW.email } }]);
  });

  test('is not paused by a report of the old one', async () => {
    const { id: recipient } = await bench.listener({}, ['SMS']);
    await bench.send(await dueOne());
    await bench.recipients.update(bench.shop.actor, { id: recipient }, NEW);
    const reports = new DeliveryReportService(bench.work, bench.clock, bench.sms);
    const reference = `fake-${bench.sms.sent[0]?.id ?? ''}`;
    expect(await reports.take(bench.sms.report(reference, 'REFUSED'))).toBe(1);
    expect(await bench.only()).toMatchObject({ state: 'FAILED', reason: 'REFUSED' });
    expect((await bench.recipient(recipient)).smsPausedReason).toBeNull();
  });
});

test('a job that was set aside deafens nobody: the next alert has the open notification sent', async () => {
  await bench.listener();
  const id = await dueOne();
  await bench.sql("update outbox_job set set_aside_at = now() where task like 'notification.send%'");
  await bench.tell(await bench.alerts(1));
  const waiting = await bench.sql<{ id: string; notification: string }>(
    `select id, payload->>'notification' as notification from outbox_job
     where task like 'notification.send%' and set_aside_at is null`,
  );
  expect(waiting).toMatchObject([{ notification: id }]);
  expect(waiting[0]?.id).not.toBe(id);
});

describe('what the far side puts off', () => {
  test('is asked again after a quarter of an hour, whatever it says', async () => {
    await bench.listener();
    const id = await dueOne();
    const sender = bench.sender({ EMAIL: failing(new DeliveryError('PASSING', 'Next year.', 365 * 24 * HOUR_MS)) });
    expect(await bench.send(id, { sender })).toMatchObject({ name: 'NotNow', delayMs: MAX_NAP_MS });
  });

  test('has failed a day after it was closed, with the reason; who asks for it by hand gets one more try', async () => {
    await bench.listener();
    const id = await dueOne();
    const sender = bench.sender({ EMAIL: failing(new DeliveryError('PASSING', 'Slow down.', 60_000)) });
    expect(await bench.send(id, { sender })).toBeInstanceOf(NotNow);
    bench.after(24 * HOUR_MS - 1);
    expect(await bench.send(id, { sender })).toBeInstanceOf(NotNow);
    bench.after(1);
    expect(await bench.send(id, { sender })).toBeInstanceOf(GiveUp);
    expect(await bench.only()).toMatchObject({ state: 'FAILED', reason: 'Slow down.' });
    expect(await bench.send(id)).toBeUndefined();
    expect(await bench.only()).toMatchObject({ state: 'SENT' });
  });
});
