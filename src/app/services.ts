import type { EntityManager } from '@mikro-orm/postgresql';
import { ACCESS_REFUSALS, ApiKeyAuthenticator, ApiKeyService, LocationService, ShopService } from '../features/access/index.js';
import { AlertDriftFinder, AlertUpkeep, AlertWatchService, StockAlertService } from '../features/alerts/index.js';
import {
  BARCODE_REFUSALS,
  ParkedScanService,
  PhotoService,
  PRODUCT_LOOKUP_TASK,
  ProductLookupService,
  ScanJudge,
  ScanService,
  variableMeasureFault,
} from '../features/barcode/index.js';
import { FILES_REFUSALS } from '../features/files/index.js';
import { CATALOG_REFUSALS, CategoryService, StockItemService } from '../features/catalog/index.js';
import { OPERATIONS_REFUSALS, OutboxJobService } from '../features/operations/index.js';
import { PrivacyService } from '../features/privacy/index.js';
import type { SessionTimes } from '../features/people/index.js';
import { LevelGuardRepository, MovementService, ReorderRuleService, STOCK_REFUSALS } from '../features/stock/index.js';
import { FeedHorizonReader, LiveFeed, MovementFeedReader, NewAlertsReader } from '../features/realtime/index.js';
import {
  WEBHOOK_REFUSALS,
  WebhookDeliveryService,
  WebhookDispatch,
  WebhookEndpointService,
  WebhookFanOut,
  WebhookUpkeep,
} from '../features/webhooks/index.js';
import { systemClock } from '../kernel/clock.js';
import { NO_CACHE, type ReadCache } from '../platform/cache/cache.js';
import { processLimiter, type Limits } from '../platform/limits/limits.js';
import type { Logger } from '../platform/log.js';
import { UnitOfWork } from '../platform/unit-of-work.js';
import type { Adapters } from './adapters.js';
import { fileServices } from './file-services.js';
import { mutationHooks } from './hooks.js';
import { notificationServices } from './notification-services.js';
import { PERSONAL_DATA } from './personal-data.js';
import { DEFAULT_TIMES, peopleServices } from './people-services.js';
import { scanReaders } from './scan-readers.js';
import { webhookReaders } from './webhook-readers.js';

export type Services = ReturnType<typeof createServices>;

export interface ServiceOptions {
  readonly log: Logger;
  readonly adapters: Adapters;
  readonly cache?: ReadCache;
  /** Left out: attempts are counted in this process alone. */
  readonly limits?: Pick<Limits, 'limiter'>;
  /** Left out: as where nothing is set. */
  readonly sessionTimes?: SessionTimes;
  /** Told that jobs were committed. */
  readonly wake?: () => void;
}

/** Every service of the program, put together once. */
export function createServices(
  em: EntityManager,
  { log, adapters, cache = NO_CACHE, wake, limits, sessionTimes }: ServiceOptions,
) {
  const clock = systemClock;
  const refusals = {
    ...ACCESS_REFUSALS,
    ...CATALOG_REFUSALS,
    ...STOCK_REFUSALS,
    ...BARCODE_REFUSALS,
    ...OPERATIONS_REFUSALS,
    ...WEBHOOK_REFUSALS,
    ...FILES_REFUSALS,
  };
  const { productLookup } = adapters;
  const idle = productLookup.sources.length === 0 ? [PRODUCT_LOOKUP_TASK] : [];
  const work = new UnitOfWork(em, refusals, mutationHooks(cache, { wake, idle }));
  const levels = new LevelGuardRepository();
  const watch = new AlertWatchService(levels);
  const authenticator = new ApiKeyAuthenticator(
    em,
    clock,
    (error) => {
      log.warn({ err: error }, "a key's last use could not be noted");
    },
    cache,
  );
  const items = new StockItemService(work, clock, watch);
  const movements = new MovementService(work, clock, watch);
  const judge = new ScanJudge(work, clock, movements, scanReaders(em, cache));
  const ports = { applyFloor: levels.applyFloor.bind(levels), variableMeasureFault };
  const webhookEndpoints = new WebhookEndpointService(work, clock, adapters.webhooks);
  return {
    work,
    authenticator,
    shops: new ShopService(work, clock, ports),
    locations: new LocationService(work, clock, levels, watch),
    apiKeys: new ApiKeyService(work, clock),
    categories: new CategoryService(work, clock),
    items,
    movements,
    rules: new ReorderRuleService(work, clock, watch),
    alerts: new StockAlertService(work, clock),
    alertUpkeep: new AlertUpkeep(new AlertDriftFinder(em), work, clock, levels),
    live: liveFeed(em, log),
    scans: new ScanService(clock, judge),
    photos: new PhotoService(adapters.codeReader, clock),
    parked: new ParkedScanService(work, clock, judge, items),
    productLookups: new ProductLookupService(work, clock, productLookup),
    outboxJobs: new OutboxJobService(work),
    privacy: new PrivacyService(work, clock, PERSONAL_DATA),
    files: fileServices(work, clock, { files: adapters.files, log }),
    notifications: notificationServices(work, clock, adapters.notifying),
    people: peopleServices({
      ...{ em, work, clock, mail: adapters.notifying.ways.EMAIL, identity: adapters.identity },
      limits: limits ?? { limiter: processLimiter },
      times: sessionTimes ?? DEFAULT_TIMES,
      onError: (error) => {
        log.warn({ err: error }, 'what a person did could not be noted');
      },
    }),
    webhooks: {
      endpoints: webhookEndpoints,
      deliveries: new WebhookDeliveryService(work, clock),
      fanOut: new WebhookFanOut(work, clock, webhookReaders(em)),
      dispatch: new WebhookDispatch(work, clock, { sender: adapters.webhooks, endpoints: webhookEndpoints }),
      upkeep: new WebhookUpkeep(work, clock),
    },
  };
}

function liveFeed(em: EntityManager, log: Logger): LiveFeed {
  const horizon = new FeedHorizonReader(em, (error) => {
    log.warn({ err: error }, 'the ledger could not be looked at for those who listen');
  });
  const movements = (shopId: string) => new MovementFeedReader(em.fork(), shopId);
  return new LiveFeed(horizon, { movements, alerts: (shopId) => new NewAlertsReader(em.fork(), shopId) }, systemClock);
}
