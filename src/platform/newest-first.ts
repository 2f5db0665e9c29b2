import type { EntityClass } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { buildConnection, encodeCursor, parsePage, type Connection, type KeysetOrder, type PageArgs } from './paging.js';
import { selectRows } from './read-rows.js';
import { countRows } from './sql.js';
import type { Where } from './where.js';

/** A list whose rows have UUIDv7 as their ids, so that the greatest is the newest. */
export interface NewestFirst<T> {
  readonly type: EntityClass<T>;
  readonly table: string;
  /** Written into its cursors. */
  readonly name: string;
  /** Which rows; it names the shop. */
  readonly where: Where;
}

/** A page of it: one statement, and one more where the client wants to know how many there are. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
export async function newestFirst<T extends { id: string }>(
  em: EntityManager,
  { type, table, name, where }: NewestFirst<T>,
  args: PageArgs,
): Promise<Connection<T>> {
  const order: KeysetOrder = { name, kinds: ['id'] };
  const page = parsePage(args, order);
  const behind = page.after ? where.and('id < ?::uuid', ...page.after) : where;
  const sql = `select * from ${table} where ${behind.sql} order by id desc limit ?`;
  const rows = await selectRows(em, type, [sql, ...behind.parameters, page.size + 1]);
  return buildConnection(
    rows,
    page,
    ({ id }) => encodeCursor(order, [id]),
    () => countRows(em, table, where),
  );
}
