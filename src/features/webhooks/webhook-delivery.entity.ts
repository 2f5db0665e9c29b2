import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { DeliveryState, WebhookEventType } from './webhook-kind.js';

const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_delivery',
  properties: {
    // No foreign key of its own: the endpoint's has the shop in it.
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').createForeignKeyConstraint(false),
    id: p.uuid().primary(),
    endpoint: () =>
      p
        .manyToOne(WebhookEndpoint)
        .joinColumns('shop_id', 'endpoint_id')
        .ownColumns('endpoint_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    eventType: p.text().$type<WebhookEventType>(),
    /** Which event it tells of: the movement's own id, or the id of the job that an event set off. */
    eventId: p.uuid(),
    /** From 1 on, without gaps for one endpoint. */
    sequence: p.bigint('number').columnType('bigint'),
    /** The bytes that are signed and sent, the same at every try. */
    body: p.text(),
    state: p.text().$type<DeliveryState>(),
    /** All tries. */
    attempts: p.integer(),
    /** Tries that failed since triesFrom. */
    failures: p.integer(),
    /** When it was to be sent first, or was last asked for again: the retries' end counts from here. */
    triesFrom: instantColumn(),
    /** Not before. Later where its receiver is left alone, or is busy: that puts off its job, and is not written here. */
    nextTryAt: instantColumn().nullable(),
    lastStatus: p.integer().nullable(),
    /** Why the last try failed; nothing of the receiver's answer but its status stands in it. */
    reason: p.text().nullable(),
    createdAt: instantColumn(),
    /** When it was delivered or given up. */
    endedAt: instantColumn().nullable(),
  },
  uniques: [
    { name: 'webhook_delivery_event_unique', properties: ['shopId', 'endpoint', 'eventType', 'eventId'] },
    { name: 'webhook_delivery_sequence_unique', properties: ['shopId', 'endpoint', 'sequence'] },
  ],
  indexes: [
    { name: 'webhook_delivery_endpoint_index', properties: ['shopId', 'endpoint', 'id'] },
    { name: 'webhook_delivery_open_index', properties: ['shopId', 'state', 'id'], where: "state <> 'DELIVERED'" },
    { name: 'webhook_delivery_ended_index', properties: ['state', 'endedAt'], where: 'ended_at is not null' },
  ],
  checks: [
    { name: 'webhook_delivery_state_check', expression: "state in ('PENDING', 'DELIVERED', 'DEAD')" },
    {
      name: 'webhook_delivery_pending_check',
      expression: "(state = 'PENDING') = (next_try_at is not null) and (state = 'PENDING') = (ended_at is null)",
    },
    { name: 'webhook_delivery_attempts_check', expression: 'failures >= 0 and attempts >= failures' },
    { name: 'webhook_delivery_sequence_check', expression: 'sequence > 0' },
  ],
});

/** One event as one endpoint is told of it. */
export class WebhookDelivery extends WebhookDeliverySchema.class {
  declare nextTryAt: Date | null;
  declare lastStatus: number | null;
  declare reason: string | null;
  declare endedAt: Date | null;

  /** The receiver has it, by its own word. */
  succeed(status: number, now: Date): void {
    this.attempts += 1;
    this.end('DELIVERED', now);
    this.lastStatus = status;
    this.reason = null;
  }

  /** A try failed; it is tried again then, or never where that is undefined. */
  fail(failure: { readonly status: number | null; readonly reason: string }, nextTryAt: Date | undefined, now: Date): void {
    this.attempts += 1;
    this.failures += 1;
    this.lastStatus = failure.status;
    this.reason = failure.reason;
    if (nextTryAt) this.nextTryAt = nextTryAt;
    else this.end('DEAD', now);
  }

  /** Nothing was tried, and it will not be. */
  giveUp(reason: string, now: Date): void {
    this.reason = reason;
    this.end('DEAD', now);
  }

  /** From the beginning, whatever became of it. */
  replay(now: Date): void {
    this.state = 'PENDING';
    this.failures = 0;
    this.triesFrom = now;
    this.nextTryAt = now;
    this.endedAt = null;
  }

  private end(state: DeliveryState, now: Date): void {
    this.state = state;
    this.nextTryAt = null;
    this.endedAt = now;
  }
}
WebhookDeliverySchema.setClass(WebhookDelivery);
