import type { EntityManager } from '@mikro-orm/postgresql';
import { AccessReader } from '../features/access/index.js';
import { CatalogReader } from '../features/catalog/index.js';
import { StockReader } from '../features/stock/index.js';
import type { CacheSession } from '../platform/cache/cache-session.js';

/** Readers of the rooms that are cached, of one shop and through one session. */
export function roomReaders(em: EntityManager, shopId: string, session: CacheSession) {
  return {
    access: new AccessReader(em, shopId, session),
    catalog: new CatalogReader(em, shopId, session),
    stock: new StockReader(em, shopId, session),
  };
}
