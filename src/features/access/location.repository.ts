import { LockMode } from '@mikro-orm/core';
import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { Location } from './location.entity.js';
import { standsWithin } from './tree.repository.js';

export class LocationRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<Location>): Location {
    const location = this.em.create(Location, data);
    this.em.persist(location);
    return location;
  }

  async find(shopId: string, id: string): Promise<Location | undefined> {
    return (await this.em.findOne(Location, { shopId, id })) ?? undefined;
  }

  /** Locked until the transaction ends, against new levels at it and new locations beneath it too. */
  async findForUpdate(shopId: string, id: string): Promise<Location | undefined> {
    return (await this.em.findOne(Location, { shopId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  /** At most `limit` locations in use, oldest first. */
  findActive(shopId: string, limit: number): Promise<Location[]> {
    return this.em.find(Location, { shopId, archivedAt: null }, { orderBy: { id: 'asc' }, limit });
  }

  /** The shop's only location in use, if it has just one. */
  async findOnlyActive(shopId: string): Promise<Location | undefined> {
    const [only, another] = await this.findActive(shopId, 2);
    return another ? undefined : only;
  }

  /** A location in use right beneath this one, if there is any. */
  async findActiveChild(shopId: string, parentId: string): Promise<Location | undefined> {
    const where = { shopId, parent: { id: parentId }, archivedAt: null };
    return (await this.em.findOne(Location, where)) ?? undefined;
  }

  count(shopId: string): Promise<number> {
    return this.em.count(Location, { shopId });
  }

  /** Whether `id` is `ancestorId` or stands anywhere beneath it. */
  isWithin(shopId: string, id: string, ancestorId: string): Promise<boolean> {
    return standsWithin(this.em, 'location', { shopId, id, ancestorId });
  }
}
