import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import type { Channel, Language } from './notification-kinds.js';

const NotificationRecipientSchema = defineEntity({
  name: 'NotificationRecipient',
  tableName: 'notification_recipient',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    name: p.text(),
    language: p.text().$type<Language>(),
    email: p.text().nullable(),
    /** E.164, such as +27821234567. */
    phone: p.text().nullable(),
    /** Minutes of the day in the shop's time zone; both or neither. The end itself is not quiet any more. */
    quietFrom: p.smallint().nullable(),
    quietTo: p.smallint().nullable(),
    /** Messages a day in the shop's time zone, of all channels; null: as many as there are. */
    dailyCap: p.integer().nullable(),
    enabled: p.boolean(),
    emailPausedAt: instantColumn().nullable(),
    emailPausedReason: p.text().nullable(),
    smsPausedAt: instantColumn().nullable(),
    smsPausedReason: p.text().nullable(),
    /** What links in this person's messages are signed with. */
    linkSecret: p.blob(),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  checks: [
    { name: 'notification_recipient_name_check', expression: "name <> ''" },
    { name: 'notification_recipient_language_check', expression: "language in ('EN', 'ZU', 'AF')" },
    { name: 'notification_recipient_email_check', expression: "email ~ '.@.'" },
    { name: 'notification_recipient_phone_check', expression: "phone ~ '^\\+[1-9][0-9]{6,14}$'" },
    { name: 'notification_recipient_quiet_check', expression: '(quiet_from is null) = (quiet_to is null)' },
    { name: 'notification_recipient_quiet_span_check', expression: 'quiet_from <> quiet_to' },
    { name: 'notification_recipient_quiet_from_check', expression: 'quiet_from >= 0 and quiet_from < 1440' },
    { name: 'notification_recipient_quiet_to_check', expression: 'quiet_to >= 0 and quiet_to < 1440' },
    { name: 'notification_recipient_cap_check', expression: 'daily_cap > 0' },
    {
      name: 'notification_recipient_email_paused_check',
      expression: '(email_paused_at is null) = (email_paused_reason is null)',
    },
    { name: 'notification_recipient_sms_paused_check', expression: '(sms_paused_at is null) = (sms_paused_reason is null)' },
  ],
});

/** A person who is told of alerts. Whoever is removed is removed with all that was sent. */
export class NotificationRecipient extends NotificationRecipientSchema.class {
  declare email: string | null;
  declare phone: string | null;
  declare quietFrom: number | null;
  declare quietTo: number | null;
  declare dailyCap: number | null;

  addressOf(channel: Channel): string | null {
    return channel === 'EMAIL' ? this.email : this.phone;
  }

  /** Why nothing is to be sent there; undefined where something is. */
  pausedReason(channel: Channel): string | undefined {
    return (channel === 'EMAIL' ? this.emailPausedReason : this.smsPausedReason) ?? undefined;
  }

  /** The first reason stays until somebody resumes the address. */
  pause(channel: Channel, reason: string, now: Date): void {
    if (this.pausedReason(channel) !== undefined) return;
    if (channel === 'EMAIL') [this.emailPausedAt, this.emailPausedReason] = [now, reason];
    else [this.smsPausedAt, this.smsPausedReason] = [now, reason];
    this.updatedAt = now;
  }

  resume(channel: Channel, now: Date): void {
    if (channel === 'EMAIL') [this.emailPausedAt, this.emailPausedReason] = [null, null];
    else [this.smsPausedAt, this.smsPausedReason] = [null, null];
    this.updatedAt = now;
  }
}
NotificationRecipientSchema.setClass(NotificationRecipient);
