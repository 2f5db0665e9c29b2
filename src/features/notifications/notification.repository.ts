import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { query } from '../../platform/sql.js';
import type { Channel } from './notification-kinds.js';
import { listenerKey, type AlertListener, type Listener } from './notification-recipient.repository.js';
import { Notification } from './notification.entity.js';

/** How long a notification collects: at least windowMs from its first alert on, and calmMs from its last on, but maxMs at most. */
export interface CollectingTimes {
  readonly windowMs: number;
  readonly calmMs: number;
  readonly maxMs: number;
}

/** An open notification that takes alerts in. */
export interface Collecting {
  readonly id: string;
  readonly channel: Channel;
  readonly dueAt: Date;
}

/** An alert that a person is told of by a channel, and in what. */
export interface Notice extends AlertListener {
  readonly notificationId: string;
}

/** Of an alert, what is told of it. */
export interface AlertRow {
  readonly kind: string;
  readonly item: string;
  readonly sku: string;
  readonly unit: string;
  readonly location: string;
  readonly onHand: string;
  readonly reorderPoint: string | null;
  readonly resolvedAt: Date | null;
}

export class NotificationRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /**
   * The open notifications of people and channels by their listenerKey, after opening those that there are none of; locked in one order until the
   * transaction ends, so that nobody closes them meanwhile. Of those who open one at once the index lets one through, and the others find it.
   */
  async collecting(listeners: readonly Listener[], now: Date, times: CollectingTimes): Promise<Map<string, Collecting>> {
    const after = (ms: number): Date => new Date(now.getTime() + ms);
    const fresh = listeners.map(({ recipientId, channel }) => ({ id: newId(), recipient: recipientId, channel }));
    const rows = await query<{ id: string; recipient: string; channel: Channel; due_at: Date | string }>(
      this.em,
      `insert into notification as n (shop_id, id, recipient_id, channel, state, tries, created_at, due_at)
       select ?, id, recipient, channel, 'QUEUED', 0, ?, ?
       from jsonb_to_recordset(?::jsonb) as fresh(id uuid, recipient uuid, channel text) order by recipient, channel
       on conflict (shop_id, recipient_id, channel) where closed_at is null do update
       set due_at = greatest(n.due_at, least(?::timestamptz, n.created_at + ?::float8 * interval '1 millisecond'))
       returning n.id, n.recipient_id as recipient, n.channel, n.due_at`,
      [this.shopId, now, after(times.windowMs), JSON.stringify(fresh), after(times.calmMs), times.maxMs],
    );
    return new Map(
      rows.map(({ id, recipient, channel, due_at: dueAt }) => [
        listenerKey({ recipientId: recipient, channel }),
        { id, channel, dueAt: new Date(dueAt) },
      ]),
    );
  }

  /** Breaks alert_notice_pkey where a person is told of one of the alerts by that channel already. */
  async note(notices: readonly Notice[], now: Date): Promise<void> {
    const rows = notices.map(({ alertId, recipientId, channel, notificationId }) => [
      alertId,
      recipientId,
      channel,
      notificationId,
    ]);
    await query(
      this.em,
      `insert into alert_notice (shop_id, alert_id, recipient_id, channel, notification_id, created_at)
       select ?, (row->>0)::uuid, (row->>1)::uuid, row->>2, (row->>3)::uuid, ? from jsonb_array_elements(?::jsonb) as row
       order by 2, 3, 4`,
      [this.shopId, now, JSON.stringify(rows)],
    );
  }

  /** Unlocked, as it is now. */
  async find(id: string): Promise<Notification | undefined> {
    return (await this.em.findOne(Notification, { shopId: this.shopId, id }, { refresh: true })) ?? undefined;
  }

  /** Locked until the transaction ends. */
  async findForUpdate(id: string): Promise<Notification | undefined> {
    await query(this.em, 'select 1 from notification where shop_id = ? and id = ? for update', [this.shopId, id]);
    return this.find(id);
  }

  /** How many went to a person since then, or were tried. */
  async countSince(recipientId: string, since: Date): Promise<number> {
    const [row] = await query<{ count: number }>(
      this.em,
      `select count(*)::int as count from notification
       where shop_id = ? and recipient_id = ? and closed_at >= ? and state <> 'PAUSED'`,
      [this.shopId, recipientId, since],
    );
    return row?.count ?? 0;
  }

  async countAlerts(id: string): Promise<number> {
    const sql = 'select count(*)::int as count from alert_notice where shop_id = ? and notification_id = ?';
    const [row] = await query<{ count: number }>(this.em, sql, [this.shopId, id]);
    return row?.count ?? 0;
  }

  /** The first `limit` alerts of a notification as they were opened, with what is true of them now. */
  alertsOf(id: string, limit: number): Promise<AlertRow[]> {
    return query<AlertRow>(
      this.em,
      `select alert.kind, item.name as item, item.sku, item.unit, location.name as location, trim_scale(level.on_hand)::text as "onHand",
         trim_scale(level.reorder_point)::text as "reorderPoint", alert.resolved_at as "resolvedAt"
       from alert_notice notice
       join stock_alert alert on alert.shop_id = notice.shop_id and alert.id = notice.alert_id
       join stock_level level on level.shop_id = alert.shop_id and level.id = alert.level_id
       join stock_item item on item.shop_id = level.shop_id and item.id = level.stock_item_id
       join location on location.shop_id = level.shop_id and location.id = level.location_id
       where notice.shop_id = ? and notice.notification_id = ? order by alert.id limit ?`,
      [this.shopId, id, limit],
    );
  }
}

/** What a provider's report is about: by what it calls the message, or by the message's own id. Of any shop. */
export async function findReported(
  em: EntityManager,
  provider: string,
  reference: string,
): Promise<{ shopId: string; id: string; recipientId: string } | undefined> {
  const [row] = await query<{ shopId: string; id: string; recipientId: string }>(
    em,
    `select shop_id as "shopId", id, recipient_id as "recipientId" from notification
     where provider = ? and provider_reference = ? order by id desc limit 1`,
    [provider, reference],
  );
  return row;
}
