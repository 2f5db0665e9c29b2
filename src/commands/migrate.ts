import { ormConfig } from '../../mikro-orm.config.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { readEnv } from '../config/env.js';
import { redactText } from '../platform/log.js';
import { openDatabase, type Database } from '../platform/postgres/database.js';
import { appliedMigrations, migrateDown, migrateUp, pendingMigrations } from '../platform/postgres/migrate.js';
import { StartError } from '../platform/start-error.js';

const USAGE = 'usage: npm run migrate [-- status | -- down]';

type Orm = Database['orm'];

/** Each returns the lines to print. */
const ACTIONS: Readonly<Record<string, (orm: Orm) => Promise<string[]>>> = {
  up: async (orm) => {
    const done = await migrateUp(orm);
    return done.length > 0 ? done.map((name) => `applied ${name}`) : ['the database is up to date'];
  },
  down: async (orm) => {
    const done = await migrateDown(orm);
    return done.length > 0 ? done.map((name) => `took back ${name}`) : ['there is no migration to take back'];
  },
  status: async (orm) => [
    ...(await appliedMigrations(orm)).map((name) => `applied  ${name}`),
    ...(await pendingMigrations(orm)).map((name) => `pending  ${name}`),
  ],
};

async function migrate(args: readonly string[]): Promise<string[]> {
  const action = ACTIONS[args[0] ?? 'up'];
  if (!action || args.length > 1) throw new StartError(USAGE);
  const { database: settings, dataDir } = loadConfig(readEnv());
  const database = await openDatabase({ url: settings.url, waitMs: settings.waitMs, dataDir, ormConfig });
  try {
    return await action(database.orm);
  } finally {
    await database.close();
  }
}

try {
  for (const line of await migrate(process.argv.slice(2))) console.log(line);
} catch (error) {
  const expected = error instanceof StartError || error instanceof ConfigError;
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  console.error(`stockroom: ${redactText(text ?? '')}`);
  process.exitCode = 1;
}
