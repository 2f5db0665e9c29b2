import type { EntityManager } from '@mikro-orm/postgresql';
import { isStorable, Location, LocationRepository, normalizeCode } from '../access/index.js';
import { Barcode, StockItem } from '../catalog/index.js';
import { findLevelsAt, placeKeyOf, type Place, type StockLevel } from '../stock/index.js';

/** What scans are judged by, for a whole batch at once: one statement for each question, however many scans there are. */
export class ScanRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Those of these stored values that are known, with their items, by value. */
  async findBarcodes(values: readonly string[]): Promise<Map<string, Barcode>> {
    if (values.length === 0) return new Map();
    const where = { shopId: this.shopId, normalized: { $in: [...new Set(values)] } };
    const barcodes = await this.em.find(Barcode, where, { populate: ['stockItem'] });
    return new Map(barcodes.map((barcode) => [barcode.normalized, barcode]));
  }

  /** Locations of these row ids or codes, archived ones too. */
  findLocations(ids: readonly string[], codes: readonly string[]): Promise<Location[]> {
    const named = [{ id: { $in: [...new Set(ids)] } }, { code: { $in: codes.filter(isStorable).map(normalizeCode) } }];
    return ids.length + codes.length === 0 ? Promise.resolve([]) : this.em.find(Location, { shopId: this.shopId, $or: named });
  }

  /** The shop's only location in use, if it has just one. */
  findOnlyLocation(): Promise<Location | undefined> {
    return new LocationRepository(this.em).findOnlyActive(this.shopId);
  }

  /** Items by row id. */
  async findItems(ids: readonly string[]): Promise<Map<string, StockItem>> {
    if (ids.length === 0) return new Map();
    const items = await this.em.find(StockItem, { shopId: this.shopId, id: { $in: [...new Set(ids)] } });
    return new Map(items.map((item) => [item.id, item]));
  }

  /** Levels at these places that exist, by placeKey. */
  async findLevels(places: readonly Place[]): Promise<Map<string, StockLevel>> {
    const levels = await findLevelsAt(this.em, this.shopId, places);
    return new Map(levels.map((level) => [placeKeyOf(level), level]));
  }
}
