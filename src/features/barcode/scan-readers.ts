import type { AccessReader, Actor } from '../access/index.js';
import type { CatalogReader } from '../catalog/index.js';
import type { StockReader } from '../stock/index.js';
import type { SeenScanReader } from './seen-scan.reader.js';

/** What scans are judged by. What they have read they do not read again. */
export interface ScanReaders {
  readonly access: AccessReader;
  readonly catalog: CatalogReader;
  readonly stock: StockReader;
  readonly seen: SeenScanReader;
}

/**
 * ACKNOWLEDGED: at least what was acknowledged before the readers were made; it may come from the cache. COMMITTED: what the database has
 * committed when it is asked, acknowledged or not yet.
 */
export type Sight = 'ACKNOWLEDGED' | 'COMMITTED';

/** Makes new readers of the actor's shop, which have read nothing yet. */
export type ReadersOf = (actor: Actor, sight: Sight) => ScanReaders;
