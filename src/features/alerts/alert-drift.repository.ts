import type { EntityManager } from '@mikro-orm/postgresql';
import { lowestIdAt } from '../../kernel/ids.js';
import { arrayLiteral, query } from '../../platform/sql.js';
import type { AlertPlace } from './stock-alert.repository.js';

/** A level by its row ids. */
export interface LookedAt {
  readonly shopId: string;
  readonly levelId: string;
}

/** opens: there is cause and no alert; otherwise there is an alert without cause. */
export interface Drift extends LookedAt, AlertPlace {
  readonly opens: boolean;
}

/** So far back a level's ledger is searched for stock that it held. */
const HISTORY_LINES = 200;

/**
 * Where alerts and levels do not agree. The causes are those of alert-edges.ts. Nothing is out of stock that never held any: a level that has sunk
 * below zero through more than HISTORY_LINES lines is told of as below zero alone.
 */
const DRIFT = `
  select level.shop_id as "shopId", level.id as "levelId", cause.kind, alert.id is null as opens
  from unnest(?::uuid[], ?::uuid[]) as looked(shop_id, level_id)
  join stock_level level on level.shop_id = looked.shop_id and level.id = looked.level_id
  join stock_item item on item.shop_id = level.shop_id and item.id = level.stock_item_id
  join location on location.shop_id = level.shop_id and location.id = level.location_id
  cross join lateral (values
    ('LOW_STOCK', coalesce(level.on_hand <= level.reorder_point, false)),
    ('OUT_OF_STOCK', level.on_hand <= 0),
    ('NEGATIVE_STOCK', level.on_hand < 0)) as cause(kind, lasts)
  left join stock_alert alert on alert.shop_id = level.shop_id and alert.level_id = level.id and alert.kind = cause.kind
    and alert.resolved_at is null
  where (cause.lasts and item.archived_at is null and location.archived_at is null) = (alert.id is null)
    and (alert.id is not null or cause.kind <> 'OUT_OF_STOCK' or exists (
      select 1 from (
        select balance_after from stock_movement line where line.shop_id = level.shop_id and line.level_id = level.id
        order by line.level_version desc limit ${String(HISTORY_LINES)}) as line
      where line.balance_after > 0))`;

/** No row has an id as low as this. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Of these. Without locks it is a guess; under their locks it is what has to be done. */
export function driftOf(em: EntityManager, levels: readonly LookedAt[]): Promise<Drift[]> {
  const ids = [arrayLiteral(levels.map(({ shopId }) => shopId)), arrayLiteral(levels.map(({ levelId }) => levelId))];
  return query<Drift>(em, DRIFT, ids);
}

/** All levels, so many at a time. */
async function* allLevels(em: EntityManager, size: number): AsyncGenerator<LookedAt[]> {
  const sql = `select shop_id as "shopId", id as "levelId" from stock_level where (shop_id, id) > (?, ?) order by shop_id, id limit ?`;
  for (let after: LookedAt | undefined = { shopId: FIRST_ID, levelId: FIRST_ID }; after;) {
    const page: LookedAt[] = await query<LookedAt>(em, sql, [after.shopId, after.levelId, size]);
    if (page.length > 0) yield page;
    after = page.length < size ? undefined : page.at(-1);
  }
}

/** Levels that something is open of: so many alerts at a time. */
async function* levelsWithAlerts(em: EntityManager, size: number): AsyncGenerator<LookedAt[]> {
  const sql = `select shop_id as "shopId", level_id as "levelId", id from stock_alert
    where resolved_at is null and (shop_id, id) > (?, ?) order by shop_id, id limit ?`;
  type Row = LookedAt & { readonly id: string };
  for (let after: Omit<Row, 'levelId'> | undefined = { shopId: FIRST_ID, id: FIRST_ID }; after;) {
    const page: Row[] = await query<Row>(em, sql, [after.shopId, after.id, size]);
    if (page.length > 0) yield onceEach(page);
    after = page.length < size ? undefined : page.at(-1);
  }
}

/** Levels that have moved since then: so many lines of the ledger at a time, by their ids, which begin with their time. */
async function* levelsMovedSince(em: EntityManager, since: Date, size: number): AsyncGenerator<LookedAt[]> {
  const lowest = lowestIdAt(since);
  const shops = await query<{ id: string }>(
    em,
    'select id from shop where exists (select 1 from stock_movement line where line.shop_id = shop.id and line.id >= ?)',
    [lowest],
  );
  const sql = `select shop_id as "shopId", level_id as "levelId", id from stock_movement
    where shop_id = ? and id > ? order by id limit ?`;
  for (const { id: shopId } of shops) {
    for (let after: string | undefined = lowest; after !== undefined;) {
      const page: (LookedAt & { id: string })[] = await query(em, sql, [shopId, after, size]);
      if (page.length > 0) yield onceEach(page);
      after = page.length < size ? undefined : page.at(-1)?.id;
    }
  }
}

/**
 * Deletes a page of a shop's alerts, from this id on, that were resolved before then and that no notice names; undefined after the last one.
 * An alert's id begins with the time at which it opened, so what opened later is not looked at.
 */
export async function sweepAlerts(
  em: EntityManager,
  { shopId, after }: { shopId: string; after: string },
  before: Date,
  size: number,
): Promise<{ last: string | undefined; count: number }> {
  const [found] = await query<{ last: string | null; looked: number; count: number }>(
    em,
    `with page as (
       select id, resolved_at from stock_alert
       where shop_id = ? and resolved_at is not null and id > ? and id < ? order by id limit ?),
     gone as (
       delete from stock_alert alert using page
       where alert.shop_id = ? and alert.id = page.id and page.resolved_at < ?
         and not exists (select 1 from alert_notice notice where notice.shop_id = alert.shop_id and notice.alert_id = alert.id)
       returning 1)
     select (select id from page order by id desc limit 1) as last, (select count(*)::int from page) as looked,
       (select count(*)::int from gone) as count`,
    [shopId, after, lowestIdAt(before), size, shopId, before],
  );
  const isLast = !found || found.looked < size;
  return { last: isLast ? undefined : (found.last ?? undefined), count: found?.count ?? 0 };
}

/** Shops that have alerts which opened before then and are over. */
export async function shopsWithOldAlerts(em: EntityManager, before: Date): Promise<string[]> {
  const rows = await query<{ id: string }>(
    em,
    `select id from shop where exists (
       select 1 from stock_alert alert where alert.shop_id = shop.id and alert.resolved_at is not null and alert.id < ?)`,
    [lowestIdAt(before)],
  );
  return rows.map(({ id }) => id);
}

function onceEach(levels: readonly LookedAt[]): LookedAt[] {
  return [...new Map(levels.map((level) => [level.levelId, level])).values()];
}

/** Where to look, without locks. */
export class AlertDriftFinder {
  constructor(private readonly em: EntityManager) {}

  of(levels: readonly LookedAt[]): Promise<Drift[]> {
    return driftOf(this.em.fork(), levels);
  }

  all(size: number): AsyncIterable<LookedAt[]> {
    return allLevels(this.em.fork(), size);
  }

  withAlerts(size: number): AsyncIterable<LookedAt[]> {
    return levelsWithAlerts(this.em.fork(), size);
  }

  movedSince(since: Date, size: number): AsyncIterable<LookedAt[]> {
    return levelsMovedSince(this.em.fork(), since, size);
  }
}
