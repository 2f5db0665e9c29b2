import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { newestFirst } from '../../platform/newest-first.js';
import type { Connection, PageArgs } from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { StockAlert } from './stock-alert.entity.js';

/** What a request reads of its shop's alerts. */
export class StockAlertReader {
  private readonly alertById = new DataLoader<string, StockAlert | undefined>(async (ids) => {
    const byIds = 'select * from stock_alert where shop_id = ? and id = any(?::uuid[])';
    const alerts = await selectRows(this.em, StockAlert, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, alerts, ({ id }) => id);
  });
  private readonly openByLevel = new DataLoader<string, readonly StockAlert[]>(async (levelIds) => {
    const ofLevels = `select * from stock_alert
      where shop_id = ? and level_id = any(?::uuid[]) and resolved_at is null order by id desc`;
    const alerts = await selectRows(this.em, StockAlert, [ofLevels, this.shopId, arrayLiteral(levelIds)]);
    const groups = Object.groupBy(alerts, ({ level }) => level.id);
    return levelIds.map((id) => groups[id] ?? []);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** The newest first. open: true for those whose cause lasts, false for those whose cause is gone, null for both. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
  page(open: boolean | null, args: PageArgs): Promise<Connection<StockAlert>> {
    const where = new Where().add('shop_id = ?', this.shopId);
    if (open !== null) where.add(open ? 'resolved_at is null' : 'resolved_at is not null');
    return newestFirst(this.em, { type: StockAlert, table: 'stock_alert', name: 'stockAlerts', where }, args);
  }

  /** By row id. */
  byId(id: string): Promise<StockAlert | undefined> {
    return this.alertById.load(id);
  }

  /** What is open of a level, the newest first. */
  openOf(levelId: string): Promise<readonly StockAlert[]> {
    return this.openByLevel.load(levelId);
  }
}
