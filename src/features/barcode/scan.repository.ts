import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import { isStorable, Location, normalizeCode } from '../access/index.js';
import { Barcode, StockItem } from '../catalog/index.js';
import { StockLevel } from '../stock/index.js';

/** Row ids of an item and of a location. */
export interface ScanPlace {
  readonly stockItemId: string;
  readonly locationId: string;
}

/** Two tell that there is more than one. */
const ENOUGH_TO_BE_AMBIGUOUS = 2;

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
  async findOnlyLocation(): Promise<Location | undefined> {
    const options = { orderBy: { id: 'asc' }, limit: ENOUGH_TO_BE_AMBIGUOUS } as const;
    const active = await this.em.find(Location, { shopId: this.shopId, archivedAt: null }, options);
    return active.length < ENOUGH_TO_BE_AMBIGUOUS ? active[0] : undefined;
  }

  /** Items by row id. */
  async findItems(ids: readonly string[]): Promise<Map<string, StockItem>> {
    if (ids.length === 0) return new Map();
    const items = await this.em.find(StockItem, { shopId: this.shopId, id: { $in: [...new Set(ids)] } });
    return new Map(items.map((item) => [item.id, item]));
  }

  /** Levels at these places that exist, by scanPlaceKey. */
  async findLevels(places: readonly ScanPlace[]): Promise<Map<string, StockLevel>> {
    if (places.length === 0) return new Map();
    const rows = await query(
      this.em,
      `select * from stock_level where shop_id = ?
       and (stock_item_id, location_id) in (select * from unnest(?::uuid[], ?::uuid[]))`,
      [
        this.shopId,
        arrayLiteral(places.map((place) => place.stockItemId)),
        arrayLiteral(places.map((place) => place.locationId)),
      ],
    );
    const levels = rows.map((row) => this.em.map(StockLevel, row));
    return new Map(
      levels.map((level) => [scanPlaceKey({ stockItemId: level.stockItem.id, locationId: level.location.id }), level]),
    );
  }
}

export function scanPlaceKey(place: ScanPlace): string {
  return `${place.stockItemId}/${place.locationId}`;
}
