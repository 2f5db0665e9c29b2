import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import {
  buildConnection,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type PageArgs,
} from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral, countRows } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { StockAlert } from './stock-alert.entity.js';

const ORDER: KeysetOrder = { name: 'stockAlerts', kinds: ['id'] };

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
  async page(open: boolean | null, args: PageArgs): Promise<Connection<StockAlert>> {
    const page = parsePage(args, ORDER);
    const where = this.where(open);
    if (page.after) where.add('a.id < ?::uuid', ...page.after);
    const sql = `select a.* from stock_alert a where ${where.sql} order by a.id desc limit ?`;
    const alerts = await selectRows(this.em, StockAlert, [sql, ...where.parameters, page.size + 1]);
    return buildConnection(
      alerts,
      page,
      ({ id }) => encodeCursor(ORDER, [id]),
      () => countRows(this.em, 'stock_alert a', this.where(open)),
    );
  }

  /** By row id. */
  byId(id: string): Promise<StockAlert | undefined> {
    return this.alertById.load(id);
  }

  /** What is open of a level, the newest first. */
  openOf(levelId: string): Promise<readonly StockAlert[]> {
    return this.openByLevel.load(levelId);
  }

  private where(open: boolean | null): Where {
    const where = new Where().add('a.shop_id = ?', this.shopId);
    return open === null ? where : where.add(open ? 'a.resolved_at is null' : 'a.resolved_at is not null');
  }
}
