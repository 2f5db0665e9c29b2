import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import { Principal } from '../access/index.js';
import type { AlertKind } from './alert-kind.js';
import { StockAlert } from './stock-alert.entity.js';

/** Row id of a level, and what is the matter with it. */
export interface AlertPlace {
  readonly levelId: string;
  readonly kind: AlertKind;
}

/** resolvedAt: where its cause came and went within one transaction. */
export interface NewAlert extends AlertPlace {
  readonly id: string;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
}

export interface FoundAlert extends AlertPlace {
  readonly id: string;
}

const RETURNING = 'returning id, level_id as "levelId", kind';

/** Alerts are written by who holds their levels' locks, but for the acknowledgement, which waits for nothing else. */
export class StockAlertRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /**
   * Adds these, and gives the ids of those that it added: not one of a kind that is open of its level already, and none of an archived item.
   * Whoever archives an item waits for the levels' locks and then resolves, so that none slips through.
   */
  async open(alerts: readonly NewAlert[]): Promise<ReadonlySet<string>> {
    const rows = alerts.map(({ id, kind, levelId, openedAt, resolvedAt }) => ({
      ...{ id, kind },
      level_id: levelId,
      opened_at: openedAt,
      resolved_at: resolvedAt,
    }));
    const added = await query<{ id: string }>(
      this.em,
      `insert into stock_alert (shop_id, id, kind, level_id, opened_at, resolved_at)
       select level.shop_id, alert.id, alert.kind, level.id, alert.opened_at, alert.resolved_at
       from jsonb_to_recordset(?::jsonb) as alert(id uuid, kind text, level_id uuid, opened_at timestamptz, resolved_at timestamptz)
       join stock_level level on level.shop_id = ? and level.id = alert.level_id
       join stock_item item on item.shop_id = level.shop_id and item.id = level.stock_item_id and item.archived_at is null
       on conflict (shop_id, level_id, kind) where resolved_at is null do nothing returning id`,
      [JSON.stringify(rows), this.shopId],
    );
    return new Set(added.map(({ id }) => id));
  }

  /** Resolves what is open of these, and gives what it resolved. Clocks differ between instances, so none ends before it began. */
  resolve(places: readonly AlertPlace[], now: Date): Promise<FoundAlert[]> {
    return query<FoundAlert>(
      this.em,
      `update stock_alert set resolved_at = greatest(opened_at, ?::timestamptz)
       where shop_id = ? and resolved_at is null and (level_id, kind) in (select * from unnest(?::uuid[], ?::text[])) ${RETURNING}`,
      [
        ...[now, this.shopId],
        ...[arrayLiteral(places.map(({ levelId }) => levelId)), arrayLiteral(places.map(({ kind }) => kind))],
      ],
    );
  }

  /** Resolves all that is open of the item's levels, wherever they are. The caller holds their locks. */
  resolveOfItem(itemId: string, now: Date): Promise<FoundAlert[]> {
    return this.resolveWhere('stock_item_id', itemId, now);
  }

  /** Resolves all that is open of the levels at the location. The caller holds their locks. */
  resolveAtLocation(locationId: string, now: Date): Promise<FoundAlert[]> {
    return this.resolveWhere('location_id', locationId, now);
  }

  /** Locked until the transaction ends. */
  async findForUpdate(id: string): Promise<StockAlert | undefined> {
    await query(this.em, 'select 1 from stock_alert where shop_id = ? and id = ? for no key update', [this.shopId, id]);
    return (await this.em.findOne(StockAlert, { shopId: this.shopId, id }, { refresh: true })) ?? undefined;
  }

  /** Whom an acknowledgement names. */
  principal(actorId: string): Principal {
    return this.em.getReference(Principal, [this.shopId, actorId]);
  }

  private resolveWhere(column: 'stock_item_id' | 'location_id', id: string, now: Date): Promise<FoundAlert[]> {
    return query<FoundAlert>(
      this.em,
      `update stock_alert set resolved_at = greatest(opened_at, ?::timestamptz)
       where shop_id = ? and resolved_at is null
         and level_id in (select level.id from stock_level level where level.shop_id = ? and level.${column} = ?) ${RETURNING}`,
      [now, this.shopId, this.shopId, id],
    );
  }
}
