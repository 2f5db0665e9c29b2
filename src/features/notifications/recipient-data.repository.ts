import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';

/** What is kept of a person, by the row id of what it stands in. */
export interface KeptRecord {
  readonly id: string;
  readonly data: object;
}

const MESSAGE = `jsonb_build_object('channel', n.channel, 'address', n.address, 'subject', n.subject, 'text', n.text, 'state', n.state,
  'createdAt', n.created_at, 'sentAt', n.sent_at)`;
const RECIPIENTS = `
  select r.id, jsonb_build_object(
    'name', r.name, 'language', r.language, 'email', r.email, 'phone', r.phone, 'dailyCap', r.daily_cap, 'enabled', r.enabled,
    'quietFrom', r.quiet_from, 'quietTo', r.quiet_to,
    'emailPausedAt', r.email_paused_at, 'emailPausedReason', r.email_paused_reason,
    'smsPausedAt', r.sms_paused_at, 'smsPausedReason', r.sms_paused_reason, 'createdAt', r.created_at, 'updatedAt', r.updated_at,
    'subscriptions', coalesce((select jsonb_agg(jsonb_build_object('kind', s.kind, 'channel', s.channel) order by s.kind, s.channel)
       from notification_subscription s where s.shop_id = r.shop_id and s.recipient_id = r.id), '[]'),
    'messages', coalesce((select jsonb_agg(${MESSAGE} order by n.id)
       from notification n where n.shop_id = r.shop_id and n.recipient_id = r.id
         and (n.address is null or lower(n.address) = lower(r.email) or n.address = r.phone)), '[]')) as data
  from notification_recipient r
  where r.shop_id = ? and (lower(r.email) = lower(?) or r.phone = ?) order by r.id`;
/** Who was reached there once and is reached elsewhere now may be somebody else: only what was sent there is told of. */
const OTHER_MESSAGES = `
  select n.id, ${MESSAGE} as data from notification n join notification_recipient r on r.shop_id = n.shop_id and r.id = n.recipient_id
  where n.shop_id = ? and lower(n.address) = lower(?) and lower(r.email) is distinct from lower(?) and r.phone is distinct from ?
  order by n.id`;

/** What is kept of whoever has an address, as it is stored. */
export class RecipientDataRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Who is reached there, with all that he was told there: who was reached elsewhere before may have been somebody else. */
  findRecipients(address: string): Promise<KeptRecord[]> {
    return query<KeptRecord>(this.em, RECIPIENTS, [this.shopId, address, address]);
  }

  /** What was sent there to those who are reached elsewhere now. */
  findOtherMessages(address: string): Promise<KeptRecord[]> {
    return query<KeptRecord>(this.em, OTHER_MESSAGES, [this.shopId, address, address, address]);
  }

  /** With their notices. */
  async removeMessages(ids: readonly string[]): Promise<void> {
    const rows = [this.shopId, arrayLiteral(ids)];
    await query(this.em, 'delete from alert_notice where shop_id = ? and notification_id = any(?::uuid[])', rows);
    await query(this.em, 'delete from notification where shop_id = ? and id = any(?::uuid[])', rows);
  }
}
