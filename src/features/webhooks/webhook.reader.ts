import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { newestFirst } from '../../platform/newest-first.js';
import type { Connection, PageArgs } from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { DeliveryState } from './webhook-kind.js';

/** Row id of an endpoint; what is absent narrows nothing. */
export interface DeliveryCriteria {
  readonly state?: DeliveryState | null | undefined;
  readonly endpointId?: string | undefined;
}

/** What a request reads of its shop's webhooks. */
export class WebhookReader {
  private readonly endpointById = new DataLoader<string, WebhookEndpoint | undefined>(async (ids) => {
    const byIds = 'select * from webhook_endpoint where shop_id = ? and id = any(?::uuid[])';
    const endpoints = await selectRows(this.em, WebhookEndpoint, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, endpoints, ({ id }) => id);
  });
  private readonly deliveryById = new DataLoader<string, WebhookDelivery | undefined>(async (ids) => {
    const byIds = 'select * from webhook_delivery where shop_id = ? and id = any(?::uuid[])';
    const deliveries = await selectRows(this.em, WebhookDelivery, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, deliveries, ({ id }) => id);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** All of the shop, the oldest first: there are only few. */
  endpoints(): Promise<WebhookEndpoint[]> {
    const all = 'select * from webhook_endpoint where shop_id = ? order by id';
    return selectRows(this.em, WebhookEndpoint, [all, this.shopId]);
  }

  endpoint(id: string): Promise<WebhookEndpoint | undefined> {
    return this.endpointById.load(id);
  }

  delivery(id: string): Promise<WebhookDelivery | undefined> {
    return this.deliveryById.load(id);
  }

  /** The newest first. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
  deliveries({ state, endpointId }: DeliveryCriteria, args: PageArgs): Promise<Connection<WebhookDelivery>> {
    const where = new Where()
      .add('shop_id = ?', this.shopId)
      .addIf(state, 'state = ?')
      .addIf(endpointId, 'endpoint_id = ?::uuid');
    return newestFirst(this.em, { type: WebhookDelivery, table: 'webhook_delivery', name: 'webhookDeliveries', where }, args);
  }
}
