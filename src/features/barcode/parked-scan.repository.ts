import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../kernel/ids.js';
import { formatQuantity } from '../../kernel/quantity.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import type { ScanMode } from '../access/index.js';
import { ParkedScan } from './parked-scan.entity.js';
import { beepKey, type Beep } from './scan.js';

/** A scan to be kept: with the mode and the location that it had when it was made, whatever its key says later. */
export interface ScanToPark {
  readonly beep: Beep;
  readonly normalized: string;
  readonly mode: ScanMode;
  readonly locationId: string;
  readonly actorId: string;
  readonly now: Date;
}

/** Where a list of parked scans of one code goes on. */
export type ParkedPosition = Pick<ParkedScan, 'scannedAt' | 'id'>;

const MAX_INT4 = 2_147_483_647;

export class ParkedScanRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Those of these scans that are or were parked, by beepKey, as they are in the database now. */
  async findOf(beeps: readonly Pick<Beep, 'device' | 'id'>[]): Promise<Map<string, ParkedScan>> {
    if (beeps.length === 0) return new Map();
    const rows = await query(
      this.em,
      `select * from parked_scan where shop_id = ?
       and (device, scan_id) in (select * from unnest(?::text[], ?::text[]))`,
      [this.shopId, arrayLiteral(beeps.map(({ device }) => device)), arrayLiteral(beeps.map(({ id }) => id))],
    );
    const parked = rows.map((row) => this.em.map(ParkedScan, row));
    return new Map(parked.map((scan) => [beepKey(scan.device, scan.scanId), scan]));
  }

  /** At most `limit` that wait under a stored code, in the order in which they were scanned, from behind `after` on. */
  async findWaiting(normalized: string, limit: number, after?: ParkedPosition): Promise<ParkedScan[]> {
    const behind = after ? 'and (scanned_at, id) > (?::timestamptz, ?::uuid)' : '';
    const rows = await query(
      this.em,
      `select * from parked_scan where shop_id = ? and normalized = ? and resolved_at is null ${behind}
       order by scanned_at, id limit ?`,
      [this.shopId, normalized, ...(after ? [after.scannedAt, after.id] : []), limit],
    );
    return rows.map((row) => this.em.map(ParkedScan, row));
  }

  /**
   * Keeps these scans, those that are kept already excepted: of two that come at once under one device and id, the first stays. Answers with the
   * codes of those that are new.
   */
  async add(scans: readonly ScanToPark[]): Promise<string[]> {
    // All writers add in the same order, so that two that share scans wait for each other in one direction only.
    const inOrder = scans.map((scan) => ({ scan, id: newId() })).sort((a, b) => (keyOf(a.scan) < keyOf(b.scan) ? -1 : 1));
    const rows = inOrder.map(({ scan: { beep, normalized, mode, locationId, actorId, now }, id }) => ({
      id,
      device: beep.device,
      scan_id: beep.id,
      code: beep.code,
      normalized,
      mode,
      quantity: beep.quantity ? formatQuantity(beep.quantity) : null,
      location_id: locationId,
      actor_id: actorId,
      input_hash: beep.inputHash.toString('hex'),
      seq: beep.seq !== undefined && Math.abs(beep.seq) <= MAX_INT4 ? beep.seq : null,
      scanned_at: beep.scannedAt ?? now,
      created_at: now,
    }));
    const added = await query<{ normalized: string }>(
      this.em,
      `insert into parked_scan (shop_id, id, device, scan_id, code, normalized, mode, quantity, location_id, actor_id, input_hash,
         seq, scanned_at, created_at)
       select ?, id, device, scan_id, code, normalized, mode, quantity, location_id, actor_id, decode(input_hash, 'hex'),
         seq, scanned_at, created_at
       from jsonb_to_recordset(?::jsonb) as scan(id uuid, device text, scan_id text, code text, normalized text, mode text,
         quantity numeric, location_id uuid, actor_id uuid, input_hash text, seq int, scanned_at timestamptz, created_at timestamptz)
       on conflict (shop_id, device, scan_id) do nothing returning normalized`,
      [this.shopId, JSON.stringify(rows)],
    );
    return [...new Set(added.map(({ normalized }) => normalized))];
  }

  /** Says of these that nothing is left to be done; of those that were resolved before, the first time stays. */
  async resolve(ids: readonly string[], now: Date): Promise<void> {
    await query(
      this.em,
      `update parked_scan set resolved_at = ? where shop_id = ? and resolved_at is null
       and id in (select id from parked_scan where shop_id = ? and id = any(?::uuid[]) order by id for update)`,
      [now, this.shopId, this.shopId, arrayLiteral(ids)],
    );
  }
}

function keyOf({ beep }: ScanToPark): string {
  return beepKey(beep.device, beep.id);
}
