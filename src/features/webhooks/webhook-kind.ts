/** What an endpoint can listen to, in the order in which a shop's row keeps them. */
export const WEBHOOK_KINDS = ['alert', 'item', 'movement'] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** What a receiver is told; `webhook.ping` is a test and belongs to no kind. */
export const WEBHOOK_EVENT_TYPES = [
  'stock.movement.posted',
  'stock.alert.opened',
  'stock.alert.resolved',
  'item.created',
  'item.updated',
  'item.archived',
  'webhook.ping',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** PENDING: still to be sent or tried again. DEAD: given up, until somebody asks for it to be sent again. */
export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'DEAD'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
