import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookKind } from './webhook-kind.js';

/** An endpoint whose row is locked, and the number of its latest delivery. */
export interface Listener {
  readonly id: string;
  readonly lastSequence: number;
}

/** Endpoints are locked before their deliveries, several in the order of their ids. */
export class WebhookEndpointRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  add(data: Omit<RequiredEntityData<WebhookEndpoint>, 'shopId'>): WebhookEndpoint {
    const endpoint = this.em.create(WebhookEndpoint, { ...data, shopId: this.shopId } as RequiredEntityData<WebhookEndpoint>);
    this.em.persist(endpoint);
    return endpoint;
  }

  remove(endpoint: WebhookEndpoint): void {
    this.em.remove(endpoint);
  }

  count(): Promise<number> {
    return this.em.count(WebhookEndpoint, { shopId: this.shopId });
  }

  async find(id: string): Promise<WebhookEndpoint | undefined> {
    return (await this.em.findOne(WebhookEndpoint, { shopId: this.shopId, id }, { refresh: true })) ?? undefined;
  }

  /** Locked until the transaction ends. */
  async findForUpdate(id: string): Promise<WebhookEndpoint | undefined> {
    await query(this.em, 'select 1 from webhook_endpoint where shop_id = ? and id = ? for no key update', [this.shopId, id]);
    return this.find(id);
  }

  /** Kinds that any endpoint in use listens to, in alphabetical order, as they are in the database now. */
  async kindsInUse(): Promise<WebhookKind[]> {
    const rows = await query<{ kind: WebhookKind }>(
      this.em,
      'select distinct kind from webhook_endpoint, unnest(kinds) as kind where shop_id = ? and enabled order by kind',
      [this.shopId],
    );
    return rows.map(({ kind }) => kind);
  }

  /** Those in use that listen to the kind, locked until the transaction ends: who holds them gives out their numbers. */
  async lockListeners(kind: WebhookKind): Promise<Listener[]> {
    const rows = await query<{ id: string; last: string }>(
      this.em,
      `select id, last_sequence as last from webhook_endpoint where shop_id = ? and enabled and ? = any(kinds)
       order by id for no key update`,
      [this.shopId, kind],
    );
    return rows.map(({ id, last }) => ({ id, lastSequence: Number(last) }));
  }

  /** All, locked until the transaction ends: nobody writes a delivery meanwhile. */
  async lockAll(): Promise<void> {
    await query(this.em, 'select 1 from webhook_endpoint where shop_id = ? order by id for no key update', [this.shopId]);
  }

  /** Of endpoints that are locked. */
  async setSequences(listeners: readonly Listener[]): Promise<void> {
    await query(
      this.em,
      `update webhook_endpoint e set last_sequence = given.last from unnest(?::uuid[], ?::bigint[]) as given(id, last)
       where e.shop_id = ? and e.id = given.id`,
      [
        arrayLiteral(listeners.map(({ id }) => id)),
        arrayLiteral(listeners.map(({ lastSequence }) => String(lastSequence))),
        this.shopId,
      ],
    );
  }
}
