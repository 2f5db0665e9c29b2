import { type App } from '../../src/app.js';
import { sumOf } from '../coherence/metrics.js';
import { statementsOf } from '../support/statements.js';
import { metricsOf, untilWarm, type CachedApps } from './cached-apps.js';

const ROUND_TRIPS = 'stockroom_redis_round_trips_total';
/** A look that a pulse of the link falls into has one round trip more, so it is measured several times. */
const TRIES = 4;
/** A scrape of the metrics counts what waits in the outbox. */
const OF_THE_SCRAPE = /from outbox_job group by/i;

export interface Cost {
  /** The most of all tries. */
  readonly statements: readonly string[];
  /** The least of all tries: 0 where there is no Redis. */
  readonly roundTrips: number;
}

/** What it costs the instance once all that is cached comes out of the cache, and the use of its key was noted. */
export async function warmCost({ database }: CachedApps, app: App, act: () => Promise<unknown>): Promise<Cost> {
  const em = database.orm.em.fork();
  await untilWarm(app, act);
  const costs: Cost[] = [];
  while (costs.length < TRIES) costs.push(await untilWarm(app, () => costOnce(app, em, act)));
  const byStatements = costs.toSorted((a, b) => b.statements.length - a.statements.length);
  return {
    statements: byStatements[0]?.statements ?? [],
    roundTrips: Math.min(...costs.map(({ roundTrips }) => roundTrips)),
  };
}

/** What it costs now, warm or not. */
export async function costOnce(app: App, em: Parameters<typeof statementsOf>[0], act: () => Promise<unknown>): Promise<Cost> {
  const trips = { before: 0, after: 0 };
  const statements = await statementsOf(em, async () => {
    trips.before = sumOf(await metricsOf(app), ROUND_TRIPS);
    await act();
    trips.after = sumOf(await metricsOf(app), ROUND_TRIPS);
  });
  return { statements: statements.filter((sql) => !OF_THE_SCRAPE.test(sql)), roundTrips: trips.after - trips.before };
}
