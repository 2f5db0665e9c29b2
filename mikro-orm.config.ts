import 'reflect-metadata';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { Migration20261122000000_catalog } from './migrations/Migration20261122000000_catalog.js';
import { Migration20261122000050_ledger } from './migrations/Migration20261122000050_ledger.js';
import { Migration20261122000100_ledger_guards } from './migrations/Migration20261122000100_ledger_guards.js';
import { Migration20261122000200_cache_views } from './migrations/Migration20261122000200_cache_views.js';
import { ApiKey, Location, Shop } from './src/features/access/index.js';
import { ParkedScan } from './src/features/barcode/parked-scan.entity.js';
import { Barcode, Category, StockItem } from './src/features/catalog/index.js';
import { IdempotencyKey, StockLevel, StockMovement, StockReversal } from './src/features/stock/index.js';

const ENTITIES = [
  Shop,
  Location,
  ApiKey,
  Category,
  StockItem,
  Barcode,
  StockLevel,
  StockMovement,
  StockReversal,
  IdempotencyKey,
  ParkedScan,
];

const DEFAULT_POOL_MAX = 20;

/** How the ORM reaches a database: the server's, a test's, the command line's. */
export function ormConfig(url: string, options: { poolMax?: number } = {}): Options {
  return defineConfig({
    clientUrl: url,
    // The ORM takes host, user and database from the URL; the driver takes what stands behind "?" as well, sslmode first of all.
    driverOptions: { connectionString: url },
    entities: ENTITIES,
    extensions: [Migrator],
    migrations: {
      path: './dist/migrations',
      pathTs: './migrations',
      snapshot: false,
      silent: true,
      // Each migration commits by itself: one that builds an index concurrently must run outside a transaction.
      allOrNothing: false,
      // Named in code, so that the same list runs from the sources under vitest, from dist/ and from a bundle.
      migrationsList: [
        { name: 'Migration20261122000000_catalog', class: Migration20261122000000_catalog },
        { name: 'Migration20261122000050_ledger', class: Migration20261122000050_ledger },
        { name: 'Migration20261122000100_ledger_guards', class: Migration20261122000100_ledger_guards },
        { name: 'Migration20261122000200_cache_views', class: Migration20261122000200_cache_views },
      ],
    },
    // No entities: the cache's own agreement, which is read and written by one function.
    schemaGenerator: { skipTables: ['cache_view', 'cache_member'], ignoreRoutines: true },
    pool: { min: 0, max: options.poolMax ?? DEFAULT_POOL_MAX },
    forceUtcTimezone: true,
  });
}

export default ormConfig(process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/stockroom');
