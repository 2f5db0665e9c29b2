import type { EntityManager } from '@mikro-orm/postgresql';
import { allows, requireActor, type AccessContext, type Actor, type Permission } from '../features/access/index.js';
import { StockAlertReader, type AlertsContext } from '../features/alerts/index.js';
import { AuditEntryReader, type AuditContext } from '../features/audit/index.js';
import { ParkedScanReader, type BarcodeContext } from '../features/barcode/index.js';
import { StoredFileReader, type FilesContext } from '../features/files/index.js';
import { NotificationReader, type NotificationContext } from '../features/notifications/index.js';
import type { PrivacyContext } from '../features/privacy/index.js';
import { OutboxJobReader, type OperationsContext } from '../features/operations/index.js';
import { WebhookReader, type WebhookContext } from '../features/webhooks/index.js';
import { PeopleReader, type PeopleContext, type SignedIn, type VerifiedIdentity } from '../features/people/index.js';
import { MovementFeedReader, type RealtimeContext } from '../features/realtime/index.js';
import type { GlobalId, NodeTypeName } from '../graphql/global-id.js';
import type { CacheSession } from '../platform/cache/cache-session.js';
import type { ReadCache } from '../platform/cache/cache.js';
import type { Logger } from '../platform/log.js';
import { roomReaders } from './room-readers.js';
import type { Services } from './services.js';

type Readers = ReturnType<typeof readersFor>;

function readersFor(em: EntityManager, shopId: string, session: CacheSession) {
  return {
    ...roomReaders(em, shopId, session),
    parked: new ParkedScanReader(em, shopId),
    webhooks: new WebhookReader(em, shopId),
    alerts: new StockAlertReader(em, shopId),
    people: new PeopleReader(em, shopId),
    jobs: new OutboxJobReader(em, shopId),
    notifications: new NotificationReader(em, shopId),
    files: new StoredFileReader(em, shopId),
    audit: new AuditEntryReader(em, shopId),
    feed: new MovementFeedReader(em, shopId),
  };
}

export interface ScopeOptions {
  readonly em: EntityManager;
  readonly services: Services;
  readonly cache: ReadCache;
  /** What the actor was looked up through, for what the request reads first. */
  readonly session: CacheSession;
  readonly actor: Actor | undefined;
  readonly person?: SignedIn | undefined;
  readonly identity?: VerifiedIdentity | undefined;
  /** Where a browser's session is kept. */
  readonly cookie?: PeopleContext['cookie'];
  /** The client's. */
  readonly address?: string | undefined;
  readonly requestId: string;
  readonly log: Logger;
}

/** What one request has: who asks, and readers over an entity manager of its own that see only that actor's shop. */
export class RequestScope
  implements
    BarcodeContext,
    AlertsContext,
    OperationsContext,
    NotificationContext,
    WebhookContext,
    FilesContext,
    AuditContext,
    RealtimeContext,
    PrivacyContext
{
  readonly actor: Actor | undefined;
  readonly person: SignedIn | undefined;
  readonly identity: VerifiedIdentity | undefined;
  readonly cookie: PeopleContext['cookie'];
  readonly address: string | undefined;
  readonly requestId: string;
  readonly log: Logger;
  private current: Readers | undefined;
  private session: CacheSession;

  constructor(private readonly options: ScopeOptions) {
    ({ person: this.person, identity: this.identity, cookie: this.cookie } = options);
    ({ actor: this.actor, address: this.address, requestId: this.requestId, log: this.log, session: this.session } = options);
  }

  /** What was read before a mutation may be read differently after it: later fields begin anew. */
  forget(): void {
    this.current = undefined;
    this.session = this.options.cache.session();
  }

  get access(): AccessContext['access'] {
    const { locations, apiKeys, shops } = this.options.services;
    return { reader: this.readers.access, locations, apiKeys, shops };
  }

  get catalog(): BarcodeContext['catalog'] {
    const { items, categories } = this.options.services;
    return { reader: this.readers.catalog, items, categories };
  }

  get stock(): BarcodeContext['stock'] {
    const { movements, rules } = this.options.services;
    return { reader: this.readers.stock, movements, rules };
  }

  get alerts(): AlertsContext['alerts'] {
    return { reader: this.readers.alerts, service: this.options.services.alerts };
  }

  get barcode(): BarcodeContext['barcode'] {
    const { scans, photos, parked } = this.options.services;
    return { reader: this.readers.parked, scans, photos, parked };
  }

  get notifications(): NotificationContext['notifications'] {
    const { recipients } = this.options.services.notifications;
    return { reader: this.readers.notifications, recipients };
  }

  get operations(): OperationsContext['operations'] {
    return { reader: this.readers.jobs, jobs: this.options.services.outboxJobs };
  }

  get webhooks(): WebhookContext['webhooks'] {
    const { endpoints, deliveries } = this.options.services.webhooks;
    return { reader: this.readers.webhooks, endpoints, deliveries };
  }

  get files(): FilesContext['files'] {
    const { service, urls } = this.options.services.files;
    return { reader: this.readers.files, service, urls };
  }

  get privacy(): PrivacyContext['privacy'] {
    return this.options.services.privacy;
  }

  get realtime(): RealtimeContext['realtime'] {
    return { reader: this.readers.feed, live: this.options.services.live };
  }

  get audit(): AuditContext['audit'] {
    return { reader: this.readers.audit };
  }

  get people(): PeopleContext['people'] {
    const { sessions, signIn, passwords, members, invitations } = this.options.services.people;
    const readerOf = (): PeopleReader => this.readers.people;
    return {
      // Made when it is asked for: who signs in has no shop yet.
      get reader() {
        return readerOf();
      },
      ...{ sessions, signIn, passwords, members, invitations },
    };
  }

  async findNode({ type, id }: GlobalId): Promise<object | null> {
    return (await this.finders[type]?.(id)) ?? null;
  }

  private readonly finders: Partial<Record<NodeTypeName, (id: string) => Promise<object | undefined>>> = {
    Shop: async (id) => (id === this.actor?.shopId ? this.readers.access.shop() : undefined),
    Location: (id) => this.readers.access.location(id),
    // As the query that lists them: whoever may read the shop's stock may not look at its keys.
    ApiKey: async (id) => (this.mayDo('keys') ? this.readers.access.apiKey(id) : undefined),
    Category: (id) => this.readers.catalog.category(id),
    StockItem: (id) => this.readers.catalog.item(id),
    StockLevel: (id) => this.readers.stock.level(id),
    StockMovement: (id) => this.readers.stock.movement(id),
    ParkedScan: (id) => this.readers.parked.byId(id),
    StoredFile: (id) => this.readers.files.byId(id),
    WebhookEndpoint: async (id) => (this.mayDo('webhooks') ? this.readers.webhooks.endpoint(id) : undefined),
    WebhookDelivery: async (id) => (this.mayDo('webhooks') ? this.readers.webhooks.delivery(id) : undefined),
    StockAlert: (id) => this.readers.alerts.byId(id),
    Notification: (id) => this.forNotifiers(() => this.readers.notifications.notification(id)),
    NotificationRecipient: (id) => this.forNotifiers(() => this.readers.notifications.recipient(id)),
    AuditEntry: async (id) => (this.mayDo('audit') ? this.readers.audit.byId(id) : undefined),
    OutboxJob: async (id) => (this.mayDo('operations') ? this.readers.jobs.byId(id) : undefined),
  };

  private mayDo(permission: Permission): boolean {
    return this.actor !== undefined && allows(this.actor, permission);
  }

  private forNotifiers<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.mayDo('notifications') ? find() : Promise.resolve(undefined);
  }

  private get readers(): Readers {
    return (this.current ??= readersFor(this.options.em.fork(), requireActor(this).shopId, this.session));
  }
}
