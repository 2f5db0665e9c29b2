import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import type { Channel, NotificationForm, NotificationState } from './notification-kinds.js';
import { NotificationRecipient } from './notification-recipient.entity.js';

const NotificationSchema = defineEntity({
  name: 'Notification',
  tableName: 'notification',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    /** It goes to the far side with every try. */
    id: p.uuid().primary(),
    recipient: () =>
      p
        .manyToOne(NotificationRecipient)
        .joinColumns('shop_id', 'recipient_id')
        .ownColumns('recipient_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    channel: p.text().$type<Channel>(),
    state: p.text().$type<NotificationState>(),
    form: p.text().$type<NotificationForm>().nullable(),
    reason: p.text().nullable(),
    /** Where the last try went. */
    address: p.text().nullable(),
    subject: p.text().nullable(),
    text: p.text().nullable(),
    html: p.text().nullable(),
    /** What an SMS costs. */
    segments: p.integer().nullable(),
    provider: p.text().nullable(),
    /** What the far side calls it. */
    providerReference: p.text().nullable(),
    tries: p.integer(),
    createdAt: instantColumn(),
    /** Not before. */
    dueAt: instantColumn(),
    /** Since when nothing is added to it any more and its text stands. */
    closedAt: instantColumn().nullable(),
    /** Until then it is in the hands of one worker. */
    leasedUntil: instantColumn().nullable(),
    sentAt: instantColumn().nullable(),
    deliveredAt: instantColumn().nullable(),
    failedAt: instantColumn().nullable(),
  },
  uniques: [{ name: 'notification_open_unique', properties: ['shopId', 'recipient', 'channel'], where: 'closed_at is null' }],
  indexes: [
    { name: 'notification_day_index', properties: ['shopId', 'recipient', 'closedAt'] },
    {
      name: 'notification_reference_index',
      properties: ['providerReference'],
      where: 'provider_reference is not null',
    },
    { name: 'notification_closed_index', properties: ['closedAt'] },
  ],
  checks: [
    { name: 'notification_channel_check', expression: "channel in ('EMAIL', 'SMS')" },
    {
      name: 'notification_state_check',
      expression: "state in ('QUEUED', 'SENT', 'DELIVERED', 'FAILED', 'PAUSED', 'KEPT')",
    },
    { name: 'notification_form_check', expression: "form in ('SINGLE', 'DIGEST')" },
    { name: 'notification_open_check', expression: "closed_at is not null or (state = 'QUEUED' and text is null)" },
    { name: 'notification_text_check', expression: "text is not null or state in ('QUEUED', 'FAILED', 'PAUSED')" },
    { name: 'notification_address_check', expression: '(text is null) = (address is null)' },
  ],
});

/** One message to one person: it collects alerts while it is open, and has a text from then on. */
export class Notification extends NotificationSchema.class {}
NotificationSchema.setClass(Notification);
