import type { Clock } from '../../kernel/clock.js';
import { InvalidError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor, RowRef } from '../access/index.js';
import { namesOf } from './actor-names.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from './webhook-endpoint.repository.js';
import { draftOf } from './webhook-fan-out.js';
import { replayJob, sendJob } from './webhook-jobs.js';
import { noSuchDelivery, noSuchEndpoint } from './webhook-refusals.js';

/** What an owner does with deliveries. Each act is a transaction of its own. */
export class WebhookDeliveryService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Has it sent again, with the same id and the same body, and tried for as long as a new one. Refuses NOT_FOUND, and INVALID where its endpoint is
   * switched off.
   */
  replay({ shopId }: Actor, { id }: RowRef): Promise<WebhookDelivery> {
    return this.work.run({ shopId }, async (transaction) => {
      const deliveries = new WebhookDeliveryRepository(transaction.em, shopId);
      const found = id === undefined ? undefined : await deliveries.find(id);
      if (!found) throw noSuchDelivery();
      await findEnabled(new WebhookEndpointRepository(transaction.em, shopId), { id: found.endpoint.id }, 'id');
      const delivery = await deliveries.findForUpdate(found.id);
      if (!delivery) throw noSuchDelivery();
      delivery.replay(this.clock.now());
      transaction.enqueue(sendJob(shopId, delivery.endpoint.id, delivery.id));
      transaction.note({ shopId, action: 'REPLAYED', subjectType: 'WebhookDelivery', subjectId: delivery.id });
      return delivery;
    });
  }

  /**
   * Has all that were given up for an endpoint until now sent again, little by little; gives how many. Refuses NOT_FOUND, and INVALID where the
   * endpoint is switched off.
   */
  replayAll({ shopId }: Actor, endpointRef: RowRef): Promise<number> {
    return this.work.run({ shopId }, async (transaction) => {
      const { id } = await findEnabled(new WebhookEndpointRepository(transaction.em, shopId), endpointRef, 'endpoint');
      const until = this.clock.now();
      const count = await new WebhookDeliveryRepository(transaction.em, shopId).countDead(id, until);
      if (count > 0) {
        transaction.enqueue(replayJob(shopId, id, until));
        transaction.note({ shopId, action: 'REPLAYED', subjectType: 'WebhookEndpoint', subjectId: id, fields: ['deliveries'] });
      }
      return count;
    });
  }

  /** Has a `webhook.ping` sent like any other event. Refuses NOT_FOUND, and INVALID where the endpoint is switched off. */
  test({ shopId, name, actorId }: Actor, ref: RowRef): Promise<WebhookDelivery> {
    return this.work.run({ shopId }, async (transaction) => {
      const endpoints = new WebhookEndpointRepository(transaction.em, shopId);
      const endpoint = await findEnabled(endpoints, ref, 'id');
      // He may have been forgotten since he was let in.
      const names = await namesOf(transaction, shopId, [actorId]);
      return this.ping(transaction, endpoint, names.get(actorId) ?? name);
    });
  }

  private async ping(transaction: Transaction, endpoint: WebhookEndpoint, actor: string): Promise<WebhookDelivery> {
    const [{ em }, { shopId }, now] = [transaction, endpoint, this.clock.now()];
    const deliveries = new WebhookDeliveryRepository(em, shopId);
    const sequence = endpoint.lastSequence + 1;
    endpoint.lastSequence = sequence;
    const event = { eventType: 'webhook.ping', eventId: newId(), at: now, data: { actor } } as const;
    const [id = ''] = await deliveries.add([draftOf(event, endpoint.id, sequence)], now);
    transaction.enqueue(sendJob(shopId, endpoint.id, id));
    transaction.note({ shopId, action: 'CREATED', subjectType: 'WebhookDelivery', subjectId: id });
    const delivery = await deliveries.find(id);
    if (!delivery) throw new Error('A delivery is missing that was just added.');
    return delivery;
  }
}

/** Locked until the transaction ends: nobody else gives out its numbers, switches it off or deletes it meanwhile. */
async function findEnabled(endpoints: WebhookEndpointRepository, { id }: RowRef, field: string): Promise<WebhookEndpoint> {
  const endpoint = id === undefined ? undefined : await endpoints.findForUpdate(id);
  if (!endpoint) throw noSuchEndpoint(field);
  if (!endpoint.enabled) throw new InvalidError('This endpoint is switched off: switch it on first.', [field]);
  return endpoint;
}
