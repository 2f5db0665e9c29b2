import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import { ParkedScan } from './parked-scan.entity.js';
import { actKeyOf, beepKey, type Beep } from './scan.js';

/** parked: those that are or were parked, by beepKey. isAnySpent: whether a movement was made under the id of at least one. */
export interface SeenScans {
  readonly parked: ReadonlyMap<string, ParkedScan>;
  readonly isAnySpent: boolean;
}

/** What the shop has seen before. Asks the database each time, since a scan sent again is told from a new one by it. */
export class SeenScanReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Of these scans, whose ids must be usable: one statement, none for no scans. */
  async among(beeps: readonly Beep[]): Promise<SeenScans> {
    if (beeps.length === 0) return { parked: new Map(), isAnySpent: false };
    const rows = await query<{ is_any_spent: boolean; id: string | null }>(
      this.em,
      `select spent.is_any_spent, parked.*
       from (
         select exists (
           select 1 from idempotency_key where shop_id = ? and scope = 'SCAN' and key = any(?::text[])
         ) as is_any_spent
       ) as spent
       left join (
         select * from parked_scan where shop_id = ? and (device, scan_id) in (select * from unnest(?::text[], ?::text[]))
       ) as parked on true`,
      [
        this.shopId,
        arrayLiteral(beeps.map((beep) => actKeyOf(beep).key)),
        this.shopId,
        arrayLiteral(beeps.map(({ device }) => device)),
        arrayLiteral(beeps.map(({ id }) => id)),
      ],
    );
    const seen = rows.map(({ is_any_spent: isAnySpent, ...row }) => ({ isAnySpent, row }));
    const parked = seen.flatMap(({ row }) => (row.id === null ? [] : [this.em.map(ParkedScan, row)]));
    return {
      parked: new Map(parked.map((scan) => [beepKey(scan.device, scan.scanId), scan])),
      isAnySpent: seen.some(({ isAnySpent }) => isAnySpent),
    };
  }
}
