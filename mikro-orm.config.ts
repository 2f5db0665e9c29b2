import 'reflect-metadata';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { Migration20261122000000_catalog } from './migrations/Migration20261122000000_catalog.js';
import { Migration20261122000050_ledger } from './migrations/Migration20261122000050_ledger.js';
import { Migration20261122000100_ledger_guards } from './migrations/Migration20261122000100_ledger_guards.js';
import { Migration20261122000200_cache_views } from './migrations/Migration20261122000200_cache_views.js';
import { Migration20261122000300_outbox } from './migrations/Migration20261122000300_outbox.js';
import { Migration20261122000310_reorder_rules } from './migrations/Migration20261122000310_reorder_rules.js';
import { Migration20261122000315_reorder_rules_index } from './migrations/Migration20261122000315_reorder_rules_index.js';
import { Migration20261122000320_stock_alerts } from './migrations/Migration20261122000320_stock_alerts.js';
import { Migration20261122000330_notifications } from './migrations/Migration20261122000330_notifications.js';
import { Migration20261122000340_webhooks } from './migrations/Migration20261122000340_webhooks.js';
import { Migration20261122000350_files } from './migrations/Migration20261122000350_files.js';
import { Migration20261122000360_product_lookup } from './migrations/Migration20261122000360_product_lookup.js';
import { Migration20261123000010_principals } from './migrations/Migration20261123000010_principals.js';
import { Migration20261123000020_people } from './migrations/Migration20261123000020_people.js';
import { Migration20261123000030_audit } from './migrations/Migration20261123000030_audit.js';
import { Migration20261123000035_key_rotation } from './migrations/Migration20261123000035_key_rotation.js';
import { Migration20261123000040_retention } from './migrations/Migration20261123000040_retention.js';
import { Migration20261123000050_key_permissions } from './migrations/Migration20261123000050_key_permissions.js';
import { Migration20261123000900_row_level_security } from './migrations/Migration20261123000900_row_level_security.js';
import { Migration20261124000010_sign_outs } from './migrations/Migration20261124000010_sign_outs.js';
import { Migration20261124000015_sign_outs_checked } from './migrations/Migration20261124000015_sign_outs_checked.js';
import { ApiKey, Location, Principal, Shop } from './src/features/access/index.js';
import { AuditEntry } from './src/features/audit/index.js';
import { StockAlert } from './src/features/alerts/stock-alert.entity.js';
import { ParkedScan } from './src/features/barcode/parked-scan.entity.js';
import { ProductLookup } from './src/features/barcode/product-lookup.entity.js';
import { Barcode, Category, StockItem } from './src/features/catalog/index.js';
import {
  AlertNotice,
  Notification,
  NotificationRecipient,
  NotificationSubscription,
} from './src/features/notifications/index.js';
import { StoredFile } from './src/features/files/index.js';
import { Invitation, Membership, Person } from './src/features/people/index.js';
import { IdempotencyKey, StockLevel, StockMovement, StockReversal } from './src/features/stock/index.js';
import { WebhookDelivery, WebhookEndpoint } from './src/features/webhooks/index.js';
import { confine } from './src/platform/postgres/confined-pool.js';
import { SHOP_FILTER } from './src/platform/shop-filter.js';

const ENTITIES = [
  Shop,
  Location,
  Principal,
  ApiKey,
  Person,
  Membership,
  Invitation,
  Category,
  StockItem,
  Barcode,
  StockLevel,
  StockMovement,
  StockReversal,
  IdempotencyKey,
  ParkedScan,
  ProductLookup,
  StoredFile,
  WebhookEndpoint,
  WebhookDelivery,
  StockAlert,
  NotificationRecipient,
  NotificationSubscription,
  Notification,
  AlertNotice,
  AuditEntry,
];

const DEFAULT_POOL_MAX = 20;

export interface OrmOptions {
  readonly poolMax?: number;
  /** False: as the login user, over all walls between shops, for tests that look at the database from outside. */
  readonly isConfined?: boolean;
}

/** How the ORM reaches a database: the server's, a test's, the command line's. */
export function ormConfig(url: string, { poolMax = DEFAULT_POOL_MAX, isConfined = true }: OrmOptions = {}): Options {
  return defineConfig({
    clientUrl: url,
    // The ORM takes host, user and database from the URL; the driver takes what stands behind "?" as well, sslmode first of all.
    driverOptions: { connectionString: url, ...(isConfined && { onPoolCreated: confine }) },
    // Two walls between shops, one above the other: what is asked through the ORM, and what a connection is shown at all.
    filters: isConfined ? { [SHOP_FILTER.name]: SHOP_FILTER } : {},
    // Foreign keys hold the shop: what a row leads to is of the same one.
    autoJoinRefsForFilters: false,
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
        { name: 'Migration20261122000300_outbox', class: Migration20261122000300_outbox },
        { name: 'Migration20261122000310_reorder_rules', class: Migration20261122000310_reorder_rules },
        { name: 'Migration20261122000315_reorder_rules_index', class: Migration20261122000315_reorder_rules_index },
        { name: 'Migration20261122000320_stock_alerts', class: Migration20261122000320_stock_alerts },
        { name: 'Migration20261122000330_notifications', class: Migration20261122000330_notifications },
        { name: 'Migration20261122000340_webhooks', class: Migration20261122000340_webhooks },
        { name: 'Migration20261122000350_files', class: Migration20261122000350_files },
        { name: 'Migration20261122000360_product_lookup', class: Migration20261122000360_product_lookup },
        { name: 'Migration20261123000010_principals', class: Migration20261123000010_principals },
        { name: 'Migration20261123000020_people', class: Migration20261123000020_people },
        { name: 'Migration20261123000030_audit', class: Migration20261123000030_audit },
        { name: 'Migration20261123000035_key_rotation', class: Migration20261123000035_key_rotation },
        { name: 'Migration20261123000040_retention', class: Migration20261123000040_retention },
        { name: 'Migration20261123000050_key_permissions', class: Migration20261123000050_key_permissions },
        { name: 'Migration20261123000900_row_level_security', class: Migration20261123000900_row_level_security },
        { name: 'Migration20261124000010_sign_outs', class: Migration20261124000010_sign_outs },
        { name: 'Migration20261124000015_sign_outs_checked', class: Migration20261124000015_sign_outs_checked },
      ],
    },
    // No entities: the cache's own agreement, the outbox, and how often sources were asked are read and written by SQL by hand.
    schemaGenerator: {
      skipTables: [
        'person_session',
        'person_identity',
        'password_reset',
        'cache_view',
        'cache_member',
        'outbox_job',
        'product_source',
        'file_store',
      ],
      ignoreRoutines: true,
      // What row-level security must say of each table is held by a test of its own.
      ignorePolicies: true,
      skipViews: ['stock_item_searched'],
    },
    pool: { min: 0, max: poolMax },
    forceUtcTimezone: true,
  });
}

export default ormConfig(process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/stockroom');
