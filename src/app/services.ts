import type { EntityManager } from '@mikro-orm/postgresql';
import { ACCESS_REFUSALS, ApiKeyAuthenticator, ApiKeyService, LocationService, ShopService } from '../features/access/index.js';
import { BARCODE_REFUSALS, ParkedScanService, ScanService, variableMeasureFault } from '../features/barcode/index.js';
import { CATALOG_REFUSALS, CategoryService, StockItemService } from '../features/catalog/index.js';
import { LevelGuardRepository, MovementService, STOCK_REFUSALS } from '../features/stock/index.js';
import { systemClock } from '../kernel/clock.js';
import type { Logger } from '../platform/log.js';
import { UnitOfWork } from '../platform/unit-of-work.js';

export type Services = ReturnType<typeof createServices>;

/** Every service of the program, put together once. */
export function createServices(em: EntityManager, log: Logger) {
  const clock = systemClock;
  const work = new UnitOfWork(em, { ...ACCESS_REFUSALS, ...CATALOG_REFUSALS, ...STOCK_REFUSALS, ...BARCODE_REFUSALS });
  const levels = new LevelGuardRepository();
  const authenticator = new ApiKeyAuthenticator(em, clock, (error) => {
    log.warn({ err: error }, "a key's last use could not be noted");
  });
  const items = new StockItemService(work, clock);
  const movements = new MovementService(work, clock);
  const ports = { applyFloor: levels.applyFloor.bind(levels), variableMeasureFault };
  return {
    authenticator,
    shops: new ShopService(work, clock, ports),
    locations: new LocationService(work, clock, levels),
    apiKeys: new ApiKeyService(work, clock),
    categories: new CategoryService(work, clock),
    items,
    movements,
    scans: new ScanService(work, clock, movements),
    parked: new ParkedScanService(work, clock, movements, items),
  };
}
