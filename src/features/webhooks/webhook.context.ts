import type { AccessContext } from '../access/index.js';
import type { WebhookDeliveryService } from './webhook-delivery.service.js';
import type { WebhookEndpointService } from './webhook-endpoint.service.js';
import type { WebhookReader } from './webhook.reader.js';

/** What the webhooks' resolvers need of a request. */
export interface WebhookContext extends AccessContext {
  readonly webhooks: {
    readonly reader: WebhookReader;
    readonly endpoints: WebhookEndpointService;
    readonly deliveries: WebhookDeliveryService;
  };
}
