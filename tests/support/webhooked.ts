import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';

/** An endpoint in use that nothing is sent to unless the outbox is told to work, and a ping that waits; their global ids. */
export async function openWebhook({ services }: Pick<App, 'services'>, actor: Actor, name: string) {
  const { endpoints, deliveries } = services.webhooks;
  const url = `https://hooks.example.com/${name}`;
  const { endpoint } = await endpoints.create(actor, { url, kinds: ['alert'], description: `${name} webhook` });
  const delivery = await deliveries.test(actor, endpoint);
  return { webhook: toGlobalId('WebhookEndpoint', endpoint.id), delivery: toGlobalId('WebhookDelivery', delivery.id) };
}
