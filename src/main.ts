import { ormConfig } from '../mikro-orm.config.js';
import { createApp, type App } from './app.js';
import { banner, type ShownDemo } from './banner.js';
import { ConfigError, loadConfig, type Config } from './config/config.js';
import { readEnv } from './config/env.js';
import { isPrivate, openDemo, type Demo } from './demo.js';
import { Lifecycle } from './platform/lifecycle.js';
import { createLogger, type Logger } from './platform/log.js';
import { openDatabase, type Database } from './platform/postgres/database.js';
import { checkServerRole } from './platform/postgres/server-role.js';
import { migrateUp, pendingMigrations } from './platform/postgres/migrate.js';
import { StartError } from './platform/start-error.js';

async function start(config: Config, log: Logger, lifecycle: Lifecycle): Promise<void> {
  const startedAt = performance.now();
  const { url, waitMs, poolMax } = config.database;
  const database = await openDatabase({ url, waitMs, dataDir: config.dataDir, ormConfig: (to) => ormConfig(to, { poolMax }) });
  lifecycle.onStop(database.close);
  void database.embedded?.ended.then(() =>
    lifecycle.fail(new StartError('the embedded PostgreSQL has ended: see postgres.log in DATA_DIR')),
  );
  if (lifecycle.isStopping()) return;

  await bringUpToDate(config, database, log);
  if (lifecycle.isStopping()) return;

  let demo: Demo | undefined;
  const shown = (): Demo | undefined => (isPrivate(config.http.host) ? demo : undefined);
  const playground = { headers: () => shown()?.headers, variables: () => shown()?.variables };
  const app = await createApp({ config, orm: database.orm, log, playground });
  lifecycle.onStop(() => app.close());
  if (database.embedded) demo = await openDemo(app, config.dataDir, database.embedded.isNew);
  const at = await listen(app, config);
  log.info({ ms: Math.round(performance.now() - startedAt), at, node: process.version }, 'ready');
  // A server in production has its log read by a program; a person's lines would be in its way.
  if (database.embedded || config.env !== 'production') process.stdout.write(banner(at, forBanner(demo, config)));
}

function forBanner(demo: Demo | undefined, { http }: Config): ShownDemo | undefined {
  return demo && (isPrivate(http.host) ? { access: demo.access } : { heldBackIn: demo.keysFile });
}

async function bringUpToDate(config: Config, { orm }: Database, log: Logger): Promise<void> {
  const pending = await pendingMigrations(orm);
  if (pending.length > 0 && !config.database.migrateOnStart) {
    throw new StartError(
      `the database is behind by ${String(pending.length)} of its migrations: run npm run migrate, or set MIGRATE_ON_START=true to have a start do it`,
    );
  }
  // Also where nothing is behind: a database that was restored on another server has not the role that keeps shops apart.
  if (config.database.migrateOnStart) for (const name of await migrateUp(orm)) log.info({ migration: name }, 'migrated');
  await checkServerRole(orm);
}

/** What the operating system says of an address, in terms of the settings. */
const LISTEN_PROBLEMS: Readonly<Record<string, (http: Config['http']) => string>> = {
  EADDRINUSE: ({ port }) => `port ${String(port)} is taken: set PORT to a free one (0 takes any)`,
  EACCES: ({ port }) => `this user may not listen on port ${String(port)}: set PORT to one above 1023`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine: set HOST to one that is, such as 127.0.0.1 or 0.0.0.0`,
  ENOTFOUND: ({ host }) => `${host} is not an address of this machine: set HOST to one that is, such as 127.0.0.1 or 0.0.0.0`,
};

async function listen(app: App, { http }: Config): Promise<string> {
  try {
    return (await app.listen()).url;
  } catch (error) {
    const explain = LISTEN_PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
    throw explain ? new StartError(explain(http)) : error;
  }
}

function main(): Promise<void> | void {
  let config: Config;
  try {
    config = loadConfig(readEnv());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.lines) process.stderr.write(`stockroom: ${line}\n`);
    process.exitCode = 1;
    return;
  }
  const log = createLogger({ level: config.logLevel });
  const lifecycle = new Lifecycle(log, config.shutdownTimeoutMs);
  return lifecycle.run(() => start(config, log, lifecycle));
}

await main();
