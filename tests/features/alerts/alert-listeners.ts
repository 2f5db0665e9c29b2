import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../../../src/app.js';
import type { Actor } from '../../../src/features/access/index.js';
import { ALERT_KINDS } from '../../../src/features/alerts/index.js';
import type { ArrivedMail } from '../../adapters/mail/mail.contract.js';

const LOOK_MS = 250;
const PATIENCE_MS = 180_000;

/** So many people who are told of all kinds by e-mail, without a cap. */
export async function subscribe({ services }: App, actor: Actor, people: number): Promise<void> {
  const { recipients } = services.notifications;
  for (let n = 1; n <= people; n += 1) {
    const draft = { name: `Listener ${String(n)}`, email: `listener${String(n)}@example.co.za`, dailyCap: null };
    const { id } = await recipients.create(actor, draft);
    await recipients.subscribe(
      actor,
      { id },
      ALERT_KINDS.map((kind) => ({ kind, channel: 'EMAIL' as const })),
    );
  }
}

/** Does what is due until nothing waits to be told of any more. */
export async function tellAll(app: App, em: EntityManager): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    await app.outbox.drain();
    const [left] = await em.execute<{ jobs: number }[]>(
      `select count(*)::int as jobs from outbox_job where task like 'notification.%' and set_aside_at is null and key is distinct from 'recurring'`,
    );
    if (left?.jobs === 0) return;
    if (performance.now() > endsAt) throw new Error(`${String(left?.jobs)} jobs still wait.`);
    await sleep(LOOK_MS);
  }
}

export interface Told {
  readonly alerts: number;
  readonly notices: number;
  readonly notifications: number;
  readonly mails: number;
  readonly faults: readonly string[];
}

/** Holds notices against alerts, and what the mail server was given against notifications. */
export async function judgeTold(
  em: EntityManager,
  { shopId, people, mails }: { shopId: string; people: number; mails: readonly ArrivedMail[] },
): Promise<Told> {
  const perAlert = await em.execute<{ id: string; notices: number; told: number }[]>(
    `select a.id, count(n.recipient_id)::int as notices, count(distinct n.recipient_id)::int as told
     from stock_alert a left join alert_notice n on n.shop_id = a.shop_id and n.alert_id = a.id
     where a.shop_id = ? group by a.id`,
    [shopId],
  );
  const notifications = await em.execute<{ id: string; state: string }[]>(
    'select id, state from notification where shop_id = ?',
    [shopId],
  );
  const messageIds = mails.map(({ messageId }) => messageId);
  const timesSent = new Map(notifications.map(({ id }) => [id, messageIds.filter((text) => text.includes(id)).length]));
  const faults = [
    ...perAlert
      .filter(({ notices, told }) => notices !== people || told !== people)
      .map(({ id, notices, told }) => `alert ${id}: ${String(notices)} notices, ${String(told)} people`),
    ...notifications.filter(({ state }) => state !== 'SENT').map(({ id, state }) => `notification ${id} is ${state}`),
    ...[...timesSent]
      .filter(([, times]) => times !== 1)
      .map(([id, times]) => `notification ${id} arrived ${String(times)} times`),
    ...(new Set(messageIds).size === messageIds.length ? [] : ['a Message-ID came twice']),
    ...(messageIds.length === notifications.length
      ? []
      : [`${String(messageIds.length)} mails, not ${String(notifications.length)}`]),
  ];
  const notices = perAlert.reduce((sum, each) => sum + each.notices, 0);
  return { alerts: perAlert.length, notices, notifications: notifications.length, mails: mails.length, faults };
}
