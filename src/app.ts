import type { MikroORM } from '@mikro-orm/postgresql';
import type { GraphQLSchema } from 'graphql';
import type { Config } from './config/config.js';
import { scanDoor } from './features/barcode/index.js';
import { smsReportDoor, unsubscribeDoor } from './features/notifications/index.js';
import { systemClock } from './kernel/clock.js';
import { createCacheMetrics } from './platform/cache/cache-metrics.js';
import { Cache } from './platform/cache/cache.js';
import type { Logger } from './platform/log.js';
import { createMetrics } from './platform/metrics.js';
import { projectFolder } from './platform/project-folder.js';
import { Limits } from './platform/limits/limits.js';
import { Worker } from './platform/outbox/worker.js';
import { createOutboxMetrics } from './platform/outbox/outbox-metrics.js';
import { sweepTask } from './platform/outbox/sweep.js';
import { retentionTask } from './platform/retention.js';
import { createAdapters, type Adapters } from './app/adapters.js';
import { authenticate } from './app/authenticate.js';
import { requestLimits } from './app/request-limits.js';
import { FIELD_RULES } from './app/field-rules.js';
import { RequestScope } from './app/request-scope.js';
import { RESOLVERS } from './app/resolvers.js';
import { retentionRules } from './app/retention.js';
import { createServices, type Services } from './app/services.js';
import { createTasks } from './app/tasks.js';
import { buildStockroomSchema } from './transport/build-schema.js';
import { forgetReadsAfterMutations } from './transport/forget-reads.js';
import { createHttpServer, type HttpServer } from './transport/http-server.js';
import { nameMutationOrigins } from './transport/mutation-origin.js';
import { readPlaygroundTabs, type PlaygroundOptions } from './transport/playground.js';
import type { ContextRequest } from './transport/request-context.js';

export interface App {
  readonly services: Services;
  /** What does the jobs that mutations leave behind. */
  readonly outbox: Worker;
  listen(): Promise<{ url: string }>;
  /** Takes no more requests and waits for those in flight. */
  close(): Promise<void>;
  /** A request without a network, for tests. */
  readonly inject: HttpServer['inject'];
}

export interface AppOptions {
  readonly config: Config;
  readonly orm: MikroORM;
  readonly log: Logger;
  /** Ways out that stand in for the configured ones, for tests. */
  readonly adapters?: Partial<Adapters>;
  /** Counts who does what how often; left out: as configured. */
  readonly limits?: Limits;
  /** What the playground is filled in with; asked for when the page is first opened. */
  readonly playground?: Pick<PlaygroundOptions, 'headers' | 'variables'>;
}

/** The composition root: the only place that knows everything. The database must be there and up to date. */
export async function createApp({ config, orm, log, playground, adapters: others, limits: given }: AppOptions): Promise<App> {
  const { token } = config.metrics;
  const metrics = token === undefined ? undefined : { token, ...createMetrics() };
  const cache = new Cache({
    settings: config.cache,
    databaseUrl: String(orm.config.get('clientUrl')),
    log,
    metrics: metrics && createCacheMetrics(metrics.registry),
    failpoints: config.failpoints,
  });
  await cache.start();
  const registry = metrics?.registry;
  const adapters = { ...createAdapters({ config, log, registry }), ...others };
  const { failpoints } = config;
  const outbox = new Worker({ em: orm.em, log, failpoints, metrics: registry && createOutboxMetrics(registry) });
  const wake = (): void => {
    outbox.wake();
  };
  const limits = given ?? new Limits({ redisUrl: config.cache.redisUrl, log });
  await limits.start();
  const services = createServices(orm.em, { log, adapters, cache, wake, limits, sessionTimes: config.people });
  const retention = retentionTask({ work: services.work, clock: systemClock }, retentionRules(config.retention));
  await outbox.start([...createTasks(services), sweepTask(orm.em), retention], { works: config.outbox.works });
  const server = await createHttpServer({
    schema: stockroomSchema(),
    contextFor: contextFactory({ orm, services, cache }),
    scanDoor: scanDoor(services),
    fileDoor: adapters.files.door,
    unsubscribeDoor: unsubscribeDoor(services.notifications.unsubscribe),
    smsReportDoor: smsReportDoor(services.notifications.deliveryReports, config.notifications.reportToken),
    ready: async () => (await orm.checkConnection()).ok,
    log,
    http: config.http,
    crossSite: config.arrival,
    ...(await requestLimits(config.limits, limits)),
    metrics,
    playground: {
      enabled: config.limits.playground,
      ...playground,
      tabs: await readPlaygroundTabs(projectFolder('schema', 'operations')),
    },
  });
  return {
    services,
    outbox,
    listen: async () => {
      const at = await server.listen();
      adapters.files.listensAt(at.url);
      return at;
    },
    inject: server.inject.bind(server),
    close: async () => {
      await server.close();
      await services.people.signIn.noteNow();
      await services.work.drain();
      await outbox.stop();
      await adapters.close();
      await services.authenticator.close();
      await services.people.sessions.close();
      limits.close();
      await cache.close();
    },
  };
}

/** What a request has: who asks, and what it reads through. */
function contextFactory({ orm, services, cache }: { orm: MikroORM; services: Services; cache: Cache }) {
  return async ({
    authorization,
    session: shown,
    cookie,
    shop,
    address,
    requestId,
    log,
  }: ContextRequest): Promise<RequestScope> => {
    const session = cache.session();
    const caller = await authenticate(services, { authorization, session: shown, shop }, session);
    return new RequestScope({ em: orm.em, services, cache, session, ...caller, cookie, address, requestId, log });
  };
}

/** The schema with nothing behind it: every resolver works on the request's own context. */
export function stockroomSchema(): GraphQLSchema {
  const schema = buildStockroomSchema(RESOLVERS, FIELD_RULES);
  forgetReadsAfterMutations(schema);
  nameMutationOrigins(schema);
  return schema;
}
