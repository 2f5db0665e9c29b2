import type { Where } from './where.js';

/** So many rows are looked up and sorted for a page at most; a list that is longer is walked in its order instead. */
const MAX_SORTED_ROWS = 2_000;

export interface KeysetQuery {
  readonly table: string;
  /** Where ids that the conditions leave are looked up, if an index cannot be asked beneath the table's policy. */
  readonly searched?: string | undefined;
  /** What the table is called in `where` and `columns`. */
  readonly alias: string;
  readonly shopId: string;
  /** Where the page goes on included. */
  readonly where: Where;
  /** Of the order, with an index that begins with shop_id. */
  readonly columns: string;
  readonly rows: number;
  /** Whether conditions may leave few rows of the shop's. */
  readonly isNarrowed: boolean;
}

/**
 * A page of a list in its order: one statement. Which way is right depends on how many rows the conditions leave, and the planner guesses
 * that badly for parts of words and trees, so it is asked first: the ids of at most MAX_SORTED_ROWS are looked up in whatever order
 * is quickest. If that was all, these are sorted. If there are more, they are so many that a walk through the order's own index soon
 * meets a page of them. Either way the work has a bound that the table's size is no part of.
 */
export function keysetStatement(query: KeysetQuery): { sql: string; parameters: readonly unknown[] } {
  const { table, searched = table, alias: a, shopId, where, columns, rows, isNarrowed } = query;
  const walk = `select ${a}.* from ${table} ${a} where ${where.sql}`;
  if (!isNarrowed) return { sql: `${walk} order by ${columns} limit ?`, parameters: [...where.parameters, rows] };
  const sql = `
    with hit as materialized (select ${a}.id from ${searched} ${a} where ${where.sql} limit ?)
    select ${a}.* from (
      (select ${a}.* from ${table} ${a} where ${a}.shop_id = ? and ${a}.id = any(array(select id from hit))
        and (select count(*) from hit) <= ? order by ${columns} limit ?)
      union all
      (${walk} and (select count(*) from hit) > ? order by ${columns} limit ?)
    ) ${a} order by ${columns}`;
  const sorted = [shopId, MAX_SORTED_ROWS, rows];
  return { sql, parameters: [...where.parameters, MAX_SORTED_ROWS + 1, ...sorted, ...where.parameters, MAX_SORTED_ROWS, rows] };
}
