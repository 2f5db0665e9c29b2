import type { EntityManager } from '@mikro-orm/postgresql';
import { SeenScanReader, type ReadersOf } from '../features/barcode/index.js';
import { UNCACHED } from '../platform/cache/cache-session.js';
import { NO_CACHE, type ReadCache } from '../platform/cache/cache.js';
import { roomReaders } from './room-readers.js';

/** Readers over an entity manager of their own, which is never flushed: what they read is nobody's to change. */
export function scanReaders(root: EntityManager, cache: ReadCache = NO_CACHE): ReadersOf {
  return ({ shopId }, sight) => {
    const em = root.fork();
    const session = sight === 'COMMITTED' ? UNCACHED : cache.session();
    return { ...roomReaders(em, shopId, session), seen: new SeenScanReader(em, shopId) };
  };
}
