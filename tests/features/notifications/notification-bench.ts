import { newId } from '../../../src/kernel/ids.js';
import { FanOutService, collectingTimes } from '../../../src/features/notifications/fan-out.service.js';
import {
  NotificationRecipientService,
  type RecipientChanges,
} from '../../../src/features/notifications/notification-recipient.service.js';
import type { Channel, NoticeKind } from '../../../src/features/notifications/notification-kinds.js';
import { Notification } from '../../../src/features/notifications/notification.entity.js';
import { NotificationRecipient } from '../../../src/features/notifications/notification-recipient.entity.js';
import { SendDesk } from '../../../src/features/notifications/send-desk.service.js';
import { SendService, type Ways } from '../../../src/features/notifications/send.service.js';
import { query } from '../../../src/platform/sql.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { FakeMail } from '../../adapters/mail/fake-mail.js';
import { FakeSms } from '../../adapters/sms/fake-sms.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';

export const WINDOW_MS = 60_000;
export const KINDS: readonly NoticeKind[] = ['LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK'];
const ITEMS = 100;
const SIGNAL = new AbortController().signal;

/** A shop of 100 items with people to tell, a clock that a test moves, and far sides that are arrays. */
export class NotificationBench {
  now = new Date('2026-06-01T10:00:00Z');
  readonly mail = new FakeMail();
  readonly sms = new FakeSms();
  readonly work: UnitOfWork;
  readonly clock = { now: () => this.now };
  readonly recipients: NotificationRecipientService;
  readonly fanOut: FanOutService;
  private readonly levels: string[] = [];
  private opened = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly shop: ShopFixture,
  ) {
    this.work = new UnitOfWork(database.orm.em, {});
    this.recipients = new NotificationRecipientService(this.work, this.clock);
    this.fanOut = new FanOutService(this.work, this.clock, collectingTimes(WINDOW_MS));
  }

  static async open(): Promise<NotificationBench> {
    const database = await createTestDatabase();
    const bench = new NotificationBench(database, await createShop(database.orm.em, { items: ITEMS, locations: 2 }));
    await bench.addLevels();
    return bench;
  }

  /** A service of its own, as another process has. */
  sender(ways: Partial<Ways> = {}): SendService {
    const desk = new SendDesk(this.work, this.clock, 'https://stock.example');
    return new SendService(desk, { EMAIL: this.mail, SMS: this.sms, ...ways }, this.clock);
  }

  async listener(changes: RecipientChanges = {}, channels: readonly Channel[] = ['EMAIL']): Promise<NotificationRecipient> {
    const draft = { name: 'Sipho', email: 'sipho@example.co.za', phone: '0821234567', dailyCap: null, ...changes };
    const { id } = await this.recipients.create(this.shop.actor, draft);
    const drafts = channels.flatMap((channel) => KINDS.map((kind) => ({ kind, channel })));
    return this.recipients.subscribe(this.shop.actor, { id }, drafts);
  }

  /** Row ids of alerts that were just opened, each of another level or kind. */
  async alerts(count: number): Promise<string[]> {
    const rows = Array.from({ length: count }, () => {
      const index = this.opened++;
      return { id: newId(), kind: KINDS[Math.floor(index / ITEMS) % KINDS.length], level: this.levels[index % ITEMS] };
    });
    await this.sql(
      `insert into stock_alert (shop_id, id, kind, level_id, opened_at)
       select ?, id, kind, level, ? from jsonb_to_recordset(?::jsonb) as row(id uuid, kind text, level uuid)`,
      [this.shop.actor.shopId, this.now, JSON.stringify(rows)],
    );
    return rows.map(({ id }) => id);
  }

  async tell(alerts: readonly string[]): Promise<void> {
    await this.fanOut.fanOut(this.shop.actor.shopId, alerts);
  }

  /** What the outbox does with a job of this notification once it is due; gives what it threw. */
  async send(notification: string, { sender = this.sender(), attempt = 1 } = {}): Promise<unknown> {
    const job = { id: notification, shopId: this.shop.actor.shopId, payload: { notification }, attempt, createdAt: this.now };
    return sender.send(job, SIGNAL).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  async notifications(): Promise<Notification[]> {
    return this.database.orm.em.fork().find(Notification, {}, { orderBy: { id: 'asc' } });
  }

  async only(): Promise<Notification> {
    const [one, ...others] = await this.notifications();
    if (!one || others.length > 0) throw new Error(`there are ${String(others.length + (one ? 1 : 0))} notifications`);
    return one;
  }

  recipient(id: string): Promise<NotificationRecipient> {
    return this.database.orm.em.fork().findOneOrFail(NotificationRecipient, { shopId: this.shop.actor.shopId, id });
  }

  /** Ids of the notifications that jobs were written for. */
  async sendJobs(): Promise<string[]> {
    const jobs = await this.sql<{ id: string }>(
      "select payload->>'notification' as id from outbox_job where task like 'notification.send%'",
    );
    return jobs.map(({ id }) => id);
  }

  after(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  sql<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return query<Row>(this.database.orm.em.fork(), text, parameters);
  }

  close(): Promise<void> {
    return this.database.drop();
  }

  private async addLevels(): Promise<void> {
    const { shop, items, locations } = this.shop;
    const rows = items.map((item) => ({ id: newId(), item: item.id }));
    this.levels.push(...rows.map(({ id }) => id));
    await this.sql(
      `insert into stock_level (shop_id, id, stock_item_id, location_id, on_hand, version, updated_at)
       select ?, id, item, ?, 0, 0, now() from jsonb_to_recordset(?::jsonb) as row(id uuid, item uuid)`,
      [shop.id, locations[0]?.id, JSON.stringify(rows)],
    );
  }
}
