import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { arrayLiteral, countWritten, query } from '../../platform/sql.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import type { DeliveryState, WebhookEventType } from './webhook-kind.js';

/** An event as an endpoint is to be told of it. */
export interface DeliveryDraft {
  readonly endpointId: string;
  readonly eventType: WebhookEventType;
  readonly eventId: string;
  readonly sequence: number;
  readonly body: string;
}

/** Which event of which endpoint. */
export type DeliveryKey = Pick<DeliveryDraft, 'endpointId' | 'eventType' | 'eventId'>;

export class WebhookDeliveryRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Those of these events, all of one type, that these endpoints have a delivery of. */
  findKnown(endpointIds: readonly string[], eventType: WebhookEventType, eventIds: readonly string[]): Promise<DeliveryKey[]> {
    return query<DeliveryKey>(
      this.em,
      `select endpoint_id as "endpointId", event_type as "eventType", event_id as "eventId" from webhook_delivery
       where shop_id = ? and endpoint_id = any(?::uuid[]) and event_type = ? and event_id = any(?::uuid[])`,
      [this.shopId, arrayLiteral(endpointIds), eventType, arrayLiteral(eventIds)],
    );
  }

  /** To be sent at once; gives their ids, in the order of the drafts. */
  async add(drafts: readonly DeliveryDraft[], now: Date): Promise<string[]> {
    const rows = drafts.map((draft) => ({ ...draft, id: newId() }));
    await query(
      this.em,
      `insert into webhook_delivery (shop_id, id, endpoint_id, event_type, event_id, sequence, body, state, attempts, failures,
         tries_from, next_try_at, created_at)
       select ?, id, "endpointId", "eventType", "eventId", sequence, body, 'PENDING', 0, 0, ?, ?, ?
       from jsonb_to_recordset(?::jsonb) as draft(id uuid, "endpointId" uuid, "eventType" text, "eventId" uuid, sequence bigint, body text)`,
      [this.shopId, now, now, now, JSON.stringify(rows)],
    );
    return rows.map(({ id }) => id);
  }

  async find(id: string): Promise<WebhookDelivery | undefined> {
    return (await this.em.findOne(WebhookDelivery, { shopId: this.shopId, id }, { refresh: true })) ?? undefined;
  }

  /** Locked until the transaction ends. */
  async findForUpdate(id: string): Promise<WebhookDelivery | undefined> {
    await query(this.em, 'select 1 from webhook_delivery where shop_id = ? and id = ? for no key update', [this.shopId, id]);
    return this.find(id);
  }

  async countDead(endpointId: string, until: Date): Promise<number> {
    const [row] = await query<{ count: number }>(
      this.em,
      `select count(*)::int as count from webhook_delivery
       where shop_id = ? and endpoint_id = ? and state = 'DEAD' and ended_at <= ?`,
      [this.shopId, endpointId, until],
    );
    return row?.count ?? 0;
  }

  /** Makes at most `limit` of an endpoint's that were given up until then wait to be sent, in the order of their numbers; gives their ids. */
  async replayDead(endpointId: string, span: { readonly until: Date; readonly now: Date }, limit: number): Promise<string[]> {
    const rows = await query<{ id: string }>(
      this.em,
      `update webhook_delivery set state = 'PENDING', failures = 0, tries_from = ?, next_try_at = ?, ended_at = null
       where shop_id = ? and id in (
         select id from webhook_delivery where shop_id = ? and endpoint_id = ? and state = 'DEAD' and ended_at <= ?
         order by sequence limit ? for no key update)
       returning id`,
      [span.now, span.now, this.shopId, this.shopId, endpointId, span.until, limit],
    );
    return rows.map(({ id }) => id);
  }

  async removeAllOf(endpointId: string): Promise<void> {
    await query(this.em, 'delete from webhook_delivery where shop_id = ? and endpoint_id = ?', [this.shopId, endpointId]);
  }
}

/** Deletes at most `limit` of any shop's that ended in this state before then; gives how many. */
export function sweepDeliveries(em: EntityManager, state: DeliveryState, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `delete from webhook_delivery d using (
       select shop_id, id from webhook_delivery where state = ? and ended_at < ? limit ? for update skip locked) old
     where d.shop_id = old.shop_id and d.id = old.id returning d.id`,
    [state, before, limit],
  );
}
