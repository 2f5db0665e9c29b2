import { Webhook } from 'standardwebhooks';
import { HttpWebhookSender } from '../../../src/adapters/webhook/http-webhook-sender.js';
import { mutationHooks } from '../../../src/app/hooks.js';
import { webhookReaders } from '../../../src/app/webhook-readers.js';
import { AlertWatchService } from '../../../src/features/alerts/index.js';
import { StockItemService } from '../../../src/features/catalog/index.js';
import { LevelGuardRepository, MovementService, STOCK_REFUSALS } from '../../../src/features/stock/index.js';
import {
  WEBHOOK_REFUSALS,
  WebhookDeliveryService,
  WebhookDispatch,
  WebhookEndpointService,
  WebhookFanOut,
  WebhookUpkeep,
} from '../../../src/features/webhooks/index.js';
import type { WebhookKind } from '../../../src/features/webhooks/webhook-kind.js';
import type { WebhookSender } from '../../../src/features/webhooks/webhook-sender.port.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { readAllowedHost } from '../../../src/platform/allowed-host.js';
import { NO_CACHE } from '../../../src/platform/cache/cache.js';
import { createLogger } from '../../../src/platform/log.js';
import { NO_OUTBOUND_METRICS } from '../../../src/platform/outbound-metrics.js';
import { NotNow } from '../../../src/platform/outbox/task.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { SeenRequest } from '../../support/misbehaving-server.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';

export const NEVER = new AbortController().signal;
const TOOLS = { log: createLogger({ level: 'silent' }), metrics: NO_OUTBOUND_METRICS };
/** Short enough for a test; a breaker that opens is the sender's own affair and has tests of its own. */
const POLICY = {
  timeouts: { responseMs: 300, attemptMs: 600, totalMs: 3_000 },
  breaker: { consecutiveFailures: 10_000, minimumCalls: 10_000, sampledCalls: 10_000 },
};

export interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_type: string;
  readonly event_id: string;
  readonly sequence: number;
  readonly body: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly reason: string | null;
  readonly next_try_at: string | null;
}

/** The room over a database of its own, with a clock that the test sets and a sender that reaches 127.0.0.1. */
export class WebhookBench {
  now = new Date();
  readonly work: UnitOfWork;
  readonly movements: MovementService;
  readonly items: StockItemService;
  readonly endpoints: WebhookEndpointService;
  readonly deliveries: WebhookDeliveryService;
  readonly fanOut: WebhookFanOut;
  readonly dispatch: WebhookDispatch;
  readonly upkeep: WebhookUpkeep;
  readonly sender: HttpWebhookSender;

  private constructor(readonly database: TestDatabase) {
    const { em } = database.orm;
    const clock = { now: () => this.now };
    const allowedHosts = ['127.0.0.1'].flatMap((text) => readAllowedHost(text) ?? []);
    this.sender = new HttpWebhookSender({ allowedHosts, tools: TOOLS, policy: POLICY });
    this.work = new UnitOfWork(em, { ...STOCK_REFUSALS, ...WEBHOOK_REFUSALS }, mutationHooks(NO_CACHE));
    const watch = new AlertWatchService(new LevelGuardRepository());
    this.movements = new MovementService(this.work, clock, watch);
    this.items = new StockItemService(this.work, clock, watch);
    this.endpoints = new WebhookEndpointService(this.work, clock, this.sender);
    this.deliveries = new WebhookDeliveryService(this.work, clock);
    this.fanOut = new WebhookFanOut(this.work, clock, webhookReaders(em));
    this.dispatch = this.dispatchBy(this.sender);
    this.upkeep = new WebhookUpkeep(this.work, clock);
  }

  static async open(): Promise<WebhookBench> {
    return new WebhookBench(await createTestDatabase());
  }

  dispatchBy(sender: WebhookSender): WebhookDispatch {
    return new WebhookDispatch(this.work, { now: () => this.now }, { sender, endpoints: this.endpoints });
  }

  async close(): Promise<void> {
    this.sender.close();
    await this.database.drop();
  }

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  openShop(): Promise<ShopFixture> {
    return createShop(this.database.orm.em, { locations: 2, items: 3 });
  }

  /** The shop as an actor has it at hand once everybody knows what its endpoints listen to. */
  async refreshed(shop: ShopFixture): Promise<ShopFixture> {
    const [row] = await this.rows<{ kinds: string[] }>('select webhook_kinds as kinds from shop where id = ?', shop.shop.id);
    shop.shop.webhookKinds = row?.kinds ?? [];
    return shop;
  }

  async listen(shop: ShopFixture, url: string, kinds: readonly WebhookKind[] = ['movement']) {
    const made = await this.endpoints.create(shop.actor, { url, kinds });
    await this.refreshed(shop);
    return made;
  }

  async receive({ actor, items, locations }: ShopFixture, amount = '5') {
    const { movements } = await this.movements.postOne(actor, {
      type: 'MOVE',
      kind: 'RECEIPT',
      key: { scope: 'STOCK', key: newId() },
      item: { id: items[0]?.id },
      location: { id: locations[0]?.id },
      quantity: quantity(amount),
    });
    return movements;
  }

  rows<Row extends object>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.database.orm.em.fork().execute<Row[]>(sql, [...parameters]);
  }

  async jobs(task: string, shop: ShopFixture) {
    const rows = await this.rows<{ id: string; shopId: string; payload: Record<string, unknown>; createdAt: string }>(
      `select id, shop_id as "shopId", payload, created_at as "createdAt" from outbox_job where task = ? and shop_id = ? order by id`,
      task,
      shop.shop.id,
    );
    return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  }

  /** Does what the outbox would do next, once each. */
  async fanOutAll(shop: ShopFixture): Promise<void> {
    for (const job of await this.jobs('webhooks.fan-out', shop)) {
      await this.fanOut.run(job);
      await this.rows('delete from outbox_job where id = ?', job.id);
    }
  }

  /** One try; the delay after which the next one comes, undefined where none does. */
  async send(shop: ShopFixture, deliveryId: string, dispatch = this.dispatch): Promise<number | undefined> {
    try {
      await dispatch.run({ shopId: shop.shop.id, payload: { delivery: deliveryId } }, NEVER);
      return undefined;
    } catch (error) {
      if (error instanceof NotNow) return error.delayMs;
      throw error;
    }
  }

  deliveriesOf({ shop }: ShopFixture): Promise<DeliveryRow[]> {
    return this.rows<DeliveryRow>(
      'select d.*, d.sequence::int as sequence from webhook_delivery d where shop_id = ? order by endpoint_id, d.sequence',
      shop.id,
    );
  }

  /** A movement's delivery that waits to be sent; its row id. */
  async pending(shop: ShopFixture): Promise<string> {
    await this.receive(shop);
    await this.fanOutAll(shop);
    return (await this.deliveryOf(shop)).id;
  }

  /** Until it is given up or delivered, with the clock set to each next try; gives the delays in seconds. */
  async untilEnd(shop: ShopFixture, id: string): Promise<number[]> {
    const delays: number[] = [];
    for (;;) {
      const delayMs = await this.send(shop, id);
      if (delayMs === undefined) return delays;
      delays.push(Math.round(delayMs / 1_000));
      this.pass(delayMs);
    }
  }

  async deliveryOf(shop: ShopFixture): Promise<DeliveryRow> {
    const [row, ...others] = await this.deliveriesOf(shop);
    if (!row || others.length > 0) throw new Error(`There are ${String(others.length + (row ? 1 : 0))} deliveries.`);
    return row;
  }
}

/** What a receiver does with a request; throws where it does not verify. */
export function verified(secret: string, { headers, body }: SeenRequest): Record<string, unknown> {
  return new Webhook(secret).verify(body.toString(), headers as Record<string, string>) as Record<string, unknown>;
}
