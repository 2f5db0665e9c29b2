import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';
import type { Channel, NotificationState } from './notification-kinds.js';

/** A notification as an operator reads it, of whichever shop. */
export interface OutboxEntry {
  readonly shop: string;
  readonly recipient: string;
  readonly channel: Channel;
  readonly state: NotificationState;
  readonly reason: string | null;
  readonly address: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly segments: number | null;
  readonly alerts: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
}

/** The newest ones of all shops, the newest first. */
export async function newestNotifications(em: EntityManager, limit: number): Promise<OutboxEntry[]> {
  const rows = await query<OutboxEntry>(
    em,
    `select shop.name as shop, recipient.name as recipient, n.channel, n.state, n.reason, n.address, n.subject, n.text, n.segments,
       (select count(*)::int from alert_notice notice where notice.shop_id = n.shop_id and notice.notification_id = n.id) as alerts,
       n.created_at as "createdAt", n.due_at as "dueAt"
     from notification n
     join shop on shop.id = n.shop_id
     join notification_recipient recipient on recipient.shop_id = n.shop_id and recipient.id = n.recipient_id
     order by n.id desc limit ?`,
    [limit],
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), dueAt: new Date(row.dueAt) }));
}
