import type { EntityManager } from '@mikro-orm/postgresql';

/** A PostgreSQL array literal, for one parameter that holds many values: `= any(?::uuid[])`. */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}

/** Runs hand-written SQL on the entity manager's own connection, inside its transaction where there is one. */
export function query<Row extends object>(em: EntityManager, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return em.execute<Row[]>(sql, [...parameters]);
}
