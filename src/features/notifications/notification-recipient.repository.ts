import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import type { Channel, NoticeKind } from './notification-kinds.js';
import { NotificationRecipient } from './notification-recipient.entity.js';

export interface SubscriptionRow {
  readonly kind: NoticeKind;
  readonly channel: Channel;
  /** Row id; null: anywhere. */
  readonly locationId: string | null;
}

/** A person and a way to him. */
export interface Listener {
  readonly recipientId: string;
  readonly channel: Channel;
}

export function listenerKey({ recipientId, channel }: Listener): string {
  return `${recipientId} ${channel}`;
}

/** An alert that somebody is to be told of. */
export interface AlertListener extends Listener {
  readonly alertId: string;
}

/** Whoever needs both takes the recipient's lock before that of a notification. */
export class NotificationRecipientRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  async count(): Promise<number> {
    const sql = 'select count(*)::int as count from notification_recipient where shop_id = ?';
    const [row] = await query<{ count: number }>(this.em, sql, [this.shopId]);
    return row?.count ?? 0;
  }

  add(data: RequiredEntityData<NotificationRecipient>): NotificationRecipient {
    const recipient = this.em.create(NotificationRecipient, data);
    this.em.persist(recipient);
    return recipient;
  }

  /** Locked until the transaction ends; what only refers to the row goes on meanwhile. */
  async findForUpdate(id: string): Promise<NotificationRecipient | undefined> {
    const sql = 'select 1 from notification_recipient where shop_id = ? and id = ? for no key update';
    await query(this.em, sql, [this.shopId, id]);
    return (await this.em.findOne(NotificationRecipient, { shopId: this.shopId, id }, { refresh: true })) ?? undefined;
  }

  /** Whose link it is; unlocked. */
  async find(id: string): Promise<NotificationRecipient | undefined> {
    return (await this.em.findOne(NotificationRecipient, { shopId: this.shopId, id })) ?? undefined;
  }

  /** With all that he was told, and was to be told. */
  async remove(id: string): Promise<void> {
    const row = [this.shopId, id];
    await query(this.em, 'select 1 from notification_recipient where shop_id = ? and id = ? for update', row);
    for (const table of ['alert_notice', 'notification', 'notification_subscription']) {
      await query(this.em, `delete from ${table} where shop_id = ? and recipient_id = ?`, row);
    }
    await query(this.em, 'delete from notification_recipient where shop_id = ? and id = ?', row);
  }

  /** These and no others. */
  async setSubscriptions(recipientId: string, subscriptions: readonly SubscriptionRow[]): Promise<void> {
    await query(this.em, 'delete from notification_subscription where shop_id = ? and recipient_id = ?', [
      this.shopId,
      recipientId,
    ]);
    const rows = subscriptions.map(({ kind, channel, locationId }) => ({ id: newId(), kind, channel, location_id: locationId }));
    await query(
      this.em,
      `insert into notification_subscription (shop_id, id, recipient_id, kind, channel, location_id)
       select ?, id, ?, kind, channel, location_id
       from jsonb_to_recordset(?::jsonb) as row(id uuid, kind text, channel text, location_id uuid)`,
      [this.shopId, recipientId, JSON.stringify(rows)],
    );
  }

  /** Whether anybody who is to be told at all listens to anything. */
  async isAnyoneListening(): Promise<boolean> {
    const rows = await query(
      this.em,
      `select 1 from notification_subscription subscription
       join notification_recipient recipient on recipient.shop_id = subscription.shop_id and recipient.id = subscription.recipient_id
       where subscription.shop_id = ? and recipient.enabled limit 1`,
      [this.shopId],
    );
    return rows.length > 0;
  }

  /**
   * Who listens to these alerts of the shop and is not told of them yet, each once for each alert and channel: those that are enabled and have an
   * address there that is not paused. Their rows stay until the transaction ends.
   */
  async listenersTo(alertIds: readonly string[]): Promise<AlertListener[]> {
    const found = await query<AlertListener>(
      this.em,
      `with recursive place(alert_id, kind, id, parent_id) as (
         select alert.id, alert.kind, location.id, location.parent_id from stock_alert alert
         join stock_level level on level.shop_id = alert.shop_id and level.id = alert.level_id
         join location on location.shop_id = level.shop_id and location.id = level.location_id
         where alert.shop_id = ? and alert.id = any(?::uuid[])
         union all
         select place.alert_id, place.kind, above.id, above.parent_id from place
         join location above on above.shop_id = ? and above.id = place.parent_id)
       select distinct place.alert_id as "alertId", subscription.recipient_id as "recipientId", subscription.channel
       from place join notification_subscription subscription on subscription.shop_id = ? and subscription.kind = place.kind
         and (subscription.location_id is null or subscription.location_id = place.id)
       where not exists (
         select from alert_notice notice where notice.shop_id = ? and notice.alert_id = place.alert_id
           and notice.recipient_id = subscription.recipient_id and notice.channel = subscription.channel)`,
      [this.shopId, arrayLiteral(alertIds), this.shopId, this.shopId, this.shopId],
    );
    if (found.length === 0) return [];
    const reachable = await query<{ id: string; email: boolean; sms: boolean }>(
      this.em,
      `select id, email is not null and email_paused_at is null as email, phone is not null and sms_paused_at is null as sms
       from notification_recipient where shop_id = ? and enabled and id = any(?::uuid[]) order by id for key share`,
      [this.shopId, arrayLiteral([...new Set(found.map(({ recipientId }) => recipientId))])],
    );
    const ways = new Map(reachable.map(({ id, email, sms }) => [id, { EMAIL: email, SMS: sms }]));
    return found.filter(({ recipientId, channel }) => ways.get(recipientId)?.[channel] === true);
  }
}
