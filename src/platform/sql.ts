import type { EntityManager } from '@mikro-orm/postgresql';
import type { Where } from './where.js';

/** A PostgreSQL array literal, for one parameter that holds many values: `= any(?::uuid[])`. */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}

/** Runs hand-written SQL on the entity manager's own connection, inside its transaction where there is one. */
export function query<Row extends object>(em: EntityManager, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return em.execute<Row[]>(sql, [...parameters]);
}

/** Runs a statement that ends with `returning`, and tells how many rows it wrote or deleted. */
export async function countWritten(em: EntityManager, sql: string, parameters: readonly unknown[]): Promise<number> {
  return (await query(em, sql, parameters)).length;
}

/** How many rows fit. `from`: a table and what it is called in `where`, such as `stock_item i`. */
export async function countRows(em: EntityManager, from: string, where: Where): Promise<number> {
  const [row] = await query<{ count: number }>(
    em,
    `select count(*)::int as count from ${from} where ${where.sql}`,
    where.parameters,
  );
  return row?.count ?? 0;
}
