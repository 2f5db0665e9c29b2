import type { EntityManager } from '@mikro-orm/postgresql';
import { Location } from './location.entity.js';

export class LocationRepository {
  constructor(private readonly em: EntityManager) {}

  /** Those of the shop that exist, archived ones too, in no order. */
  findByIds(shopId: string, ids: readonly string[]): Promise<Location[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.em.find(Location, { shopId, id: { $in: [...ids] } });
  }

  /** At most `limit` locations in use, oldest first. */
  findActive(shopId: string, limit: number): Promise<Location[]> {
    return this.em.find(Location, { shopId, archivedAt: null }, { orderBy: { id: 'asc' }, limit });
  }
}
