import type { EntityManager } from '@mikro-orm/postgresql';
import {
  ACCESS_REFUSALS,
  ApiKeyService,
  LocationService,
  ShopService,
  type LevelGuard,
  type ShopFloorPort,
} from '../../../src/features/access/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { DomainError } from '../../../src/kernel/errors.js';
import { formatQuantity } from '../../../src/kernel/quantity.js';
import { query } from '../../../src/platform/sql.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';

/** Stands in for the room that keeps the levels: remembers what it was asked, and holds stock where it is told. */
export class FakeLevels implements LevelGuard, ShopFloorPort {
  readonly occupied = new Set<string>();
  readonly floors: string[] = [];

  lockAndCountOccupied(_em: EntityManager, _shopId: string, locationId: string): Promise<number> {
    return Promise.resolve(this.occupied.has(locationId) ? 1 : 0);
  }

  async applyFloor(em: EntityManager, shopId: string, floor: Parameters<ShopFloorPort['applyFloor']>[2]): Promise<void> {
    await query(em, 'select 1 from shop where id = ?', [shopId]);
    this.floors.push(floor === null ? 'none' : formatQuantity(floor));
  }

  variableMeasureFault(setting: string): string | undefined {
    return setting === 'ITEM5_PRICE5' ? undefined : 'There is no such scheme.';
  }
}

export function accessServices(em: EntityManager, clock = systemClock) {
  const levels = new FakeLevels();
  const work = new UnitOfWork(em, ACCESS_REFUSALS);
  return {
    levels,
    locations: new LocationService(work, clock, levels),
    apiKeys: new ApiKeyService(work, clock),
    shops: new ShopService(work, clock, levels),
  };
}

/** What an act was refused with, as "CODE path", or "done". */
export async function outcome(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.path.join('.')}`.trim();
    throw error;
  }
  return 'done';
}
