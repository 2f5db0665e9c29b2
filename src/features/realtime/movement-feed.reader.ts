import type { EntityManager } from '@mikro-orm/postgresql';
import {
  buildConnection,
  decodeCursor,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type PageArgs,
} from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { countRows } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { StockMovement } from '../stock/index.js';

const ORDER: KeysetOrder = { name: 'stockMovementFeed', kinds: ['integer'] };

/** Row ids. */
export interface FeedPlace {
  readonly location?: string | undefined;
  readonly stockItem?: string | undefined;
}

/** Lines with from < seq ≤ upTo. */
export interface FeedSpan {
  readonly from: bigint;
  readonly upTo: bigint;
}

/** A shop's ledger in the order in which it was written, up to a horizon that nothing appears below any more. */
export class MovementFeedReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Refuses (BAD_USER_INPUT) a page size or a cursor that is none. */
  async page(args: PageArgs, horizon: bigint): Promise<Connection<StockMovement>> {
    const page = parsePage(args, ORDER);
    const span = { from: seqOf(page.after), upTo: horizon };
    const rows = await this.span({}, span, page.size + 1);
    return buildConnection(rows, page, cursorOf, () =>
      countRows(this.em, 'stock_movement m', this.where({}, { ...span, from: 0n })),
    );
  }

  /** The first `limit` lines of the span. */
  span(place: FeedPlace, span: FeedSpan, limit: number): Promise<StockMovement[]> {
    const where = this.where(place, span);
    const sql = `select m.* from stock_movement m where ${where.sql} order by m.seq limit ?`;
    return selectRows(this.em, StockMovement, [sql, ...where.parameters, limit]);
  }

  private where({ location, stockItem }: FeedPlace, { from, upTo }: FeedSpan): Where {
    return new Where()
      .add('m.shop_id = ?', this.shopId)
      .add('m.seq > ?::bigint', String(from))
      .add('m.seq <= ?::bigint', String(upTo))
      .addIf(location, 'm.location_id = ?')
      .addIf(stockItem, 'm.stock_item_id = ?');
  }
}

export function cursorOf({ seq }: StockMovement): string {
  return encodeCursor(ORDER, [seq]);
}

/** The seq in a cursor of the feed. Refuses (BAD_USER_INPUT) what is none. */
export function seqOfCursor(cursor: string): bigint {
  return seqOf(decodeCursor(cursor, ORDER));
}

function seqOf(values: readonly string[] | undefined): bigint {
  return BigInt(values?.[0] ?? 0);
}
