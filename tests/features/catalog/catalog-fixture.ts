import type { MikroORM } from '@mikro-orm/postgresql';
import { vi } from 'vitest';
import { CATALOG_REFUSALS, CatalogReader, CategoryService, StockItemService } from '../../../src/features/catalog/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';

export function catalogServices(orm: MikroORM) {
  const work = new UnitOfWork(orm.em, CATALOG_REFUSALS);
  return {
    work,
    items: new StockItemService(work, systemClock),
    categories: new CategoryService(work, systemClock),
    reader: (shopId: string) => new CatalogReader(orm.em.fork(), shopId),
  };
}

/** What `act` gives, and how many statements it sent. */
export async function counted<T>(orm: MikroORM, act: () => Promise<T>): Promise<{ result: T; statements: number }> {
  const logger = orm.config.getLogger();
  const spy = vi.spyOn(logger, 'logQuery').mockImplementation(() => undefined);
  try {
    const result = await act();
    return { result, statements: spy.mock.calls.length };
  } finally {
    spy.mockRestore();
  }
}
