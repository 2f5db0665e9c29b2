import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { newestFirst } from '../../platform/newest-first.js';
import type { Connection, PageArgs } from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { NotificationRecipient } from './notification-recipient.entity.js';
import { NotificationSubscription } from './notification-subscription.entity.js';
import { Notification } from './notification.entity.js';

/** What a request reads of who is told, and of what was sent. */
export class NotificationReader {
  private readonly recipientById = new DataLoader<string, NotificationRecipient | undefined>(async (ids) => {
    const byIds = 'select * from notification_recipient where shop_id = ? and id = any(?::uuid[])';
    const found = await selectRows(this.em, NotificationRecipient, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly notificationById = new DataLoader<string, Notification | undefined>(async (ids) => {
    const byIds = 'select * from notification where shop_id = ? and id = any(?::uuid[])';
    const found = await selectRows(this.em, Notification, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly subscriptionsByRecipient = new DataLoader<string, NotificationSubscription[]>(async (ids) => {
    const found = await selectRows(this.em, NotificationSubscription, [
      `select * from notification_subscription where shop_id = ? and recipient_id = any(?::uuid[])
       order by kind, channel, location_id nulls first`,
      this.shopId,
      arrayLiteral(ids),
    ]);
    return ids.map((id) => found.filter(({ recipient }) => recipient.id === id));
  });
  private readonly alertsByNotification = new DataLoader<string, number>(async (ids) => {
    const counted = await query<{ id: string; count: number }>(
      this.em,
      `select notification_id as id, count(*)::int as count from alert_notice
       where shop_id = ? and notification_id = any(?::uuid[]) group by notification_id`,
      [this.shopId, arrayLiteral(ids)],
    );
    return inOrder(ids, counted, ({ id }) => id).map((row) => row?.count ?? 0);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** The newest first. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
  notifications(args: PageArgs): Promise<Connection<Notification>> {
    const where = new Where().add('shop_id = ?', this.shopId);
    return newestFirst(this.em, { type: Notification, table: 'notification', name: 'notifications', where }, args);
  }

  /** All of the shop, by name. */
  recipients(): Promise<NotificationRecipient[]> {
    const sql = 'select * from notification_recipient where shop_id = ? order by name, id';
    return selectRows(this.em, NotificationRecipient, [sql, this.shopId]);
  }

  /** By row id. */
  recipient(id: string): Promise<NotificationRecipient | undefined> {
    return this.recipientById.load(id);
  }

  /** By row id. */
  notification(id: string): Promise<Notification | undefined> {
    return this.notificationById.load(id);
  }

  subscriptionsOf(recipientId: string): Promise<NotificationSubscription[]> {
    return this.subscriptionsByRecipient.load(recipientId);
  }

  /** How many alerts a notification tells of. */
  alertCount(notificationId: string): Promise<number> {
    return this.alertsByNotification.load(notificationId);
  }
}
