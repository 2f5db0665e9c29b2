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

/** A person and a way to him, as a fan-out finds them. */
export interface Listener {
  readonly recipientId: string;
  readonly channel: Channel;
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

  /**
   * Who listens to such an alert of this shop, each once for each channel: those that are enabled and have an address there. Their rows stay until
   * the transaction ends. Undefined where there is no such alert.
   */
  async listenersTo(alertId: string): Promise<Listener[]> {
    const found = await query<{ recipient_id: string; channel: Channel }>(
      this.em,
      `with recursive place(id, parent_id, kind) as (
         select location.id, location.parent_id, alert.kind from stock_alert alert
         join stock_level level on level.shop_id = alert.shop_id and level.id = alert.level_id
         join location on location.shop_id = level.shop_id and location.id = level.location_id
         where alert.shop_id = ? and alert.id = ?
         union all
         select above.id, above.parent_id, place.kind from place
         join location above on above.shop_id = ? and above.id = place.parent_id)
       select distinct recipient_id, channel from notification_subscription subscription
       where subscription.shop_id = ? and subscription.kind = (select kind from place limit 1)
         and (subscription.location_id is null or subscription.location_id in (select id from place))
       order by recipient_id, channel`,
      [this.shopId, alertId, this.shopId, this.shopId],
    );
    const reachable = await query<{ id: string; email: string | null; phone: string | null }>(
      this.em,
      `select id, email, phone from notification_recipient where shop_id = ? and enabled and id = any(?::uuid[])
       order by id for key share`,
      [this.shopId, arrayLiteral([...new Set(found.map((row) => row.recipient_id))])],
    );
    const addresses = new Map(reachable.map(({ id, email, phone }) => [id, { EMAIL: email, SMS: phone }]));
    return found
      .filter((row) => addresses.get(row.recipient_id)?.[row.channel] != null)
      .map((row) => ({ recipientId: row.recipient_id, channel: row.channel }));
  }
}
