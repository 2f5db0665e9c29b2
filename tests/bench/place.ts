import pg from 'pg';
import { join } from 'node:path';
import { progressOn } from '../../seeders/scale/progress.js';
import { seedScaleShop } from '../../seeders/scale/seed-scale-shop.js';
import { createTestDatabase } from '../support/database.js';
import { redisAvailable, startRedis, type RedisServer } from '../support/redis-server.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { openTestRun } from '../support/test-run.js';

const LOCATIONS = 4;
const MOVEMENTS_PER_LEVEL = 2;
const SEED = 1;
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** What all settings are measured on: one database with a seeded shop in it, and one Redis. */
export interface Place {
  readonly databaseUrl: string;
  /** To look into the database with, beside the servers. */
  readonly db: pg.Client;
  /** Undefined where the machine has no redis-server. */
  readonly redis: RedisServer | undefined;
  readonly scratchDir: string;
  readonly shopId: string;
  readonly ownerKey: string;
  /** Stops and removes what was made; so does the end of the process, however it ends. */
  close(): Promise<void>;
}

/** On the PostgreSQL of DATABASE_URL, else on an embedded one: durable, as a shop has it, since what a write costs is measured too. */
export async function openPlace(items: number): Promise<Place> {
  // A process that ends by a signal would not run what stops the servers at its exit.
  for (const [name, code] of Object.entries(SIGNALS)) process.once(name, () => process.exit(code));
  process.once('exit', killStarted);
  buildServer();
  const { run, close: closeRun } = await openTestRun({ durable: true });
  const { scratchDir } = run;
  const database = await createTestDatabase({}, run);
  const size = { items, locations: LOCATIONS, movements: items * LOCATIONS * MOVEMENTS_PER_LEVEL, seed: SEED };
  const { shop } = await seedScaleShop(database.url, { ...size, progress: progressOn(process.stderr) });
  const db = new pg.Client(database.url);
  await db.connect();
  const redis = redisAvailable() ? await startRedis({ dir: join(scratchDir, 'redis') }) : undefined;
  const close = async (): Promise<void> => {
    killStarted();
    await db.end();
    await redis?.stop();
    await database.drop();
    await closeRun();
  };
  return { databaseUrl: database.url, db, redis, scratchDir, shopId: shop.id, ownerKey: shop.ownerKey, close };
}
