import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import {
  buildConnection,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type PageArgs,
} from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral, countRows } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { DeliveryState } from './webhook-kind.js';

const ORDER: KeysetOrder = { name: 'webhookDeliveries', kinds: ['id'] };

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
  async deliveries(criteria: DeliveryCriteria, args: PageArgs): Promise<Connection<WebhookDelivery>> {
    const page = parsePage(args, ORDER);
    const where = this.where(criteria);
    if (page.after) where.add('d.id < ?::uuid', ...page.after);
    const sql = `select d.* from webhook_delivery d where ${where.sql} order by d.id desc limit ?`;
    const deliveries = await selectRows(this.em, WebhookDelivery, [sql, ...where.parameters, page.size + 1]);
    return buildConnection(
      deliveries,
      page,
      ({ id }) => encodeCursor(ORDER, [id]),
      () => countRows(this.em, 'webhook_delivery d', this.where(criteria)),
    );
  }

  private where({ state, endpointId }: DeliveryCriteria): Where {
    return new Where().add('d.shop_id = ?', this.shopId).addIf(state, 'd.state = ?').addIf(endpointId, 'd.endpoint_id = ?::uuid');
  }
}
