import { defineEntity, p } from '@mikro-orm/core';
import { Location, Shop } from '../access/index.js';
import type { Channel, NoticeKind } from './notification-kinds.js';
import { NotificationRecipient } from './notification-recipient.entity.js';

const NotificationSubscriptionSchema = defineEntity({
  name: 'NotificationSubscription',
  tableName: 'notification_subscription',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    recipient: () =>
      p
        .manyToOne(NotificationRecipient)
        .joinColumns('shop_id', 'recipient_id')
        .ownColumns('recipient_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    kind: p.text().$type<NoticeKind>(),
    channel: p.text().$type<Channel>(),
    /** With all that stands beneath it; null: anywhere. */
    location: () =>
      p
        .manyToOne(Location)
        .joinColumns('shop_id', 'location_id')
        .ownColumns('location_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
  },
  uniques: [
    {
      name: 'notification_subscription_place_unique',
      properties: ['shopId', 'recipient', 'kind', 'channel', 'location'],
      where: 'location_id is not null',
    },
    {
      name: 'notification_subscription_anywhere_unique',
      properties: ['shopId', 'recipient', 'kind', 'channel'],
      where: 'location_id is null',
    },
  ],
  indexes: [{ name: 'notification_subscription_kind_index', properties: ['shopId', 'kind'] }],
  checks: [
    { name: 'notification_subscription_kind_check', expression: "kind in ('LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK')" },
    { name: 'notification_subscription_channel_check', expression: "channel in ('EMAIL', 'SMS')" },
  ],
});

/** What a person wants to be told of, and by which way. */
export class NotificationSubscription extends NotificationSubscriptionSchema.class {
  declare location: Location | null;
}
NotificationSubscriptionSchema.setClass(NotificationSubscription);
