import type { Client } from 'pg';

/** What a seeded shop must not have any of, each asked by one statement over the whole shop, $1. */
const CHECKS = {
  'levels that differ from their ledger': `
    select count(*) from stock_level l left join (
      select level_id, sum(quantity) as total, count(*) as lines, max(level_version) as version
      from stock_movement where shop_id = $1 group by level_id
    ) m on m.level_id = l.id
    where l.shop_id = $1
      and (l.on_hand, l.version, l.version) is distinct from (coalesce(m.total, 0), coalesce(m.version, 0), coalesce(m.lines, 0)::int)`,
  'lines that do not continue the one before': `
    select count(*) from (
      select m.*, lag(balance_after) over chain as previous, lag(seq) over chain as previous_seq,
        lag(level_version) over chain as previous_version
      from stock_movement m where shop_id = $1 window chain as (partition by level_id order by level_version)
    ) m left join stock_level l on l.shop_id = $1 and l.id = m.level_id
    where balance_before <> coalesce(previous, 0) or level_version <> coalesce(previous_version, 0) + 1 or seq < previous_seq
      or (m.stock_item_id, m.location_id) is distinct from (l.stock_item_id, l.location_id)`,
  'lines that leave less than nothing': `select count(*) from stock_movement where shop_id = $1 and balance_after < 0`,
  'transfers without their other line': `
    select count(*) from stock_movement m left join stock_movement c on c.shop_id = $1 and c.id = m.counterpart_id
    where m.shop_id = $1 and m.counterpart_id is not null
      and (c.counterpart_id, c.quantity, c.stock_item_id, c.kind = m.kind, c.location_id = m.location_id)
        is distinct from (m.id, -m.quantity, m.stock_item_id, false, false)`,
  'reversals that do not undo their line': `
    select count(*) from stock_movement m
    left join stock_movement o on o.shop_id = $1 and o.id = m.reverses_id
    left join stock_reversal r on r.shop_id = $1 and r.movement_id = m.reverses_id
    where m.shop_id = $1 and m.kind = 'REVERSAL'
      and (o.quantity, o.level_id, r.reversal_id) is distinct from (-m.quantity, m.level_id, m.id)`,
  'lines that no key or several keys name': `
    select count(*) from (select id from stock_movement where shop_id = $1) m full join (
      select id, count(*) as keys from idempotency_key cross join unnest(movement_ids) as id where shop_id = $1 group by id
    ) k on k.id = m.id
    where m.id is null or k.keys is distinct from 1`,
} as const;

export type ScaleFault = keyof typeof CHECKS;
export type ScaleFaults = Readonly<Record<ScaleFault, number>>;

/** Counts what is wrong with the shop's ledger, with no help from how it was made. All zeros where it agrees. */
export async function countFaults(
  client: Client,
  shopId: string,
  onCheck: (done: number, total: number) => void,
): Promise<ScaleFaults> {
  const entries = Object.entries(CHECKS);
  const faults: [string, number][] = [];
  for (const [index, [name, sql]] of entries.entries()) {
    onCheck(index, entries.length);
    const { rows } = await client.query<{ count: string }>(sql, [shopId]);
    faults.push([name, Number(rows[0]?.count)]);
  }
  onCheck(entries.length, entries.length);
  return Object.fromEntries(faults) as ScaleFaults;
}
