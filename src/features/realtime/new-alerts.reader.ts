import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral } from '../../platform/sql.js';
import { selectRows } from '../../platform/read-rows.js';
import { StockAlert } from '../alerts/index.js';

/** A shop's alerts, as they open. */
export class NewAlertsReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Those with a row id from `lowest` on that are not among `told`; the oldest `limit` of them, the oldest first. */
  since(lowest: string, told: readonly string[], limit: number): Promise<StockAlert[]> {
    return selectRows(this.em, StockAlert, [
      'select * from stock_alert where shop_id = ? and id >= ? and not id = any(?::uuid[]) order by id limit ?',
      ...[this.shopId, lowest, arrayLiteral(told), limit],
    ]);
  }
}
