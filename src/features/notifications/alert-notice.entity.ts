import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import { StockAlert } from '../alerts/index.js';
import type { Channel } from './notification-kinds.js';
import { NotificationRecipient } from './notification-recipient.entity.js';
import { Notification } from './notification.entity.js';

const AlertNoticeSchema = defineEntity({
  name: 'AlertNotice',
  tableName: 'alert_notice',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    alert: () =>
      p
        .manyToOne(StockAlert)
        .primary()
        .joinColumns('shop_id', 'alert_id')
        .ownColumns('alert_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    recipient: () =>
      p
        .manyToOne(NotificationRecipient)
        .primary()
        .joinColumns('shop_id', 'recipient_id')
        .ownColumns('recipient_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    channel: p.text().$type<Channel>().primary(),
    notification: () =>
      p
        .manyToOne(Notification)
        .joinColumns('shop_id', 'notification_id')
        .ownColumns('notification_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    createdAt: instantColumn(),
  },
  indexes: [{ name: 'alert_notice_notification_index', properties: ['shopId', 'notification'] }],
  checks: [{ name: 'alert_notice_channel_check', expression: "channel in ('EMAIL', 'SMS')" }],
});

/** That a person is told of an alert by a channel: its primary key lets that be so once. */
export class AlertNotice extends AlertNoticeSchema.class {}
AlertNoticeSchema.setClass(AlertNotice);
