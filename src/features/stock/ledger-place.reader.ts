import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { noCursor, type Page } from '../../platform/paging.js';
import { arrayLiteral, query } from '../../platform/sql.js';

/**
 * Where lines stand in the ledger, for lists that go on from one of them. Their cursors name the line: the seq itself is counted over all shops, so that
 * two of them would tell how much the others have written in between.
 */
export class LedgerPlaceReader {
  private readonly seqs = new DataLoader<string, string | undefined>(async (ids) => {
    const rows = await query<{ id: string; seq: string }>(
      this.em,
      'select id, seq::text as seq from stock_movement where shop_id = ? and id = any(?::uuid[])',
      [this.shopId, arrayLiteral(ids)],
    );
    const seqs = new Map(rows.map(({ id, seq }) => [id, seq]));
    return ids.map((id) => seqs.get(id));
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** The page with the seq of the line that it goes on from, in place of its row id. Refuses (BAD_USER_INPUT) a line that the shop does not have. */
  async found({ size, after }: Page): Promise<Page> {
    if (after?.[0] === undefined) return { size, after: undefined };
    const seq = await this.seqs.load(after[0].toLowerCase());
    if (seq === undefined) throw noCursor();
    return { size, after: [seq] };
  }
}
