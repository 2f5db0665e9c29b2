import { toGlobalId } from '../../graphql/global-id.js';
import type { Job } from '../../platform/outbox/job.js';
import type { AlertEvent } from '../alerts/index.js';
import type { ItemChangedEvent } from '../catalog/index.js';
import type { MovementPostedEvent } from '../stock/index.js';
import type { WebhookEventType, WebhookKind } from './webhook-kind.js';

export const FAN_OUT_TASK = 'webhooks.fan-out';
export const SEND_TASK = 'webhooks.send';
export const REPLAY_TASK = 'webhooks.replay';
export const SWEEP_TASK = 'webhooks.sweep';

/** So many events are written to all endpoints in one transaction. */
export const MAX_EVENTS_OF_JOB = 200;

/** What endpoints are to be told of: row ids of the kind. */
export interface FanOutPayload {
  readonly kind: WebhookKind;
  readonly type: WebhookEventType;
  readonly ids: readonly string[];
}

export interface SendPayload {
  readonly delivery: string;
}

export interface ReplayPayload {
  readonly endpoint: string;
  /** RFC 3339. What is given up after it is not asked for. */
  readonly until: string;
}

const ITEM_TYPES = { CREATED: 'item.created', UPDATED: 'item.updated', ARCHIVED: 'item.archived' } as const;
const ALERT_TYPES = { 'alert.opened': 'stock.alert.opened', 'alert.resolved': 'stock.alert.resolved' } as const;

export function webhooksOfMovements({ shopId, webhookKinds, movementIds }: MovementPostedEvent): Job[] {
  if (!webhookKinds.includes('movement')) return [];
  return chunksOf(movementIds).map((ids) => fanOut(shopId, { kind: 'movement', type: 'stock.movement.posted', ids }));
}

export function webhooksOfItem({ shopId, webhookKinds, stockItemId, change }: ItemChangedEvent): Job[] {
  if (!webhookKinds.includes('item')) return [];
  return [fanOut(shopId, { kind: 'item', type: ITEM_TYPES[change], ids: [stockItemId] })];
}

export function webhooksOfAlert({ type, shopId, webhookKinds, alertId }: AlertEvent): Job[] {
  if (!webhookKinds.includes('alert')) return [];
  return [fanOut(shopId, { kind: 'alert', type: ALERT_TYPES[type], ids: [alertId] })];
}

/**
 * One waits for each delivery, however often it is asked for; it is named as the receiver sees it. All of an endpoint share a lane, so that they
 * are put off together where it is left alone.
 */
export function sendJob(shopId: string, endpointId: string, deliveryId: string): Job {
  const payload: SendPayload = { delivery: deliveryId };
  const key = toGlobalId('WebhookDelivery', deliveryId);
  return { task: SEND_TASK, shopId, key, lane: endpointId, payload: { ...payload } };
}

export function replayJob(shopId: string, endpointId: string, until: Date): Job {
  const payload: ReplayPayload = { endpoint: endpointId, until: until.toISOString() };
  return { task: REPLAY_TASK, shopId, payload: { ...payload } };
}

function fanOut(shopId: string, payload: FanOutPayload): Job {
  return { task: FAN_OUT_TASK, shopId, payload: { ...payload } };
}

function chunksOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / MAX_EVENTS_OF_JOB);
  return Array.from({ length: count }, (_, n) => ids.slice(n * MAX_EVENTS_OF_JOB, (n + 1) * MAX_EVENTS_OF_JOB));
}
