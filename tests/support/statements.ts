import type { EntityManager } from '@mikro-orm/postgresql';

/** Whether the server counts statements; an operator's own may not. */
export async function countsStatements(em: EntityManager): Promise<boolean> {
  const [row] = await em.execute<{ setting: string }[]>(
    "select setting from pg_settings where name = 'shared_preload_libraries'",
  );
  return row?.setting.includes('pg_stat_statements') ?? false;
}

/** What an instance asks on its own now and then, whoever asks it what: its lease in the cache, and that a connection serves another shop. */
const OF_THE_INSTANCE = /cache_heartbeat|^listen |^select set_config\(/i;

/** How many statements the database ran for `act`, by its own count, and which. Nobody else may use the database meanwhile. */
export async function statementsOf(em: EntityManager, act: () => Promise<unknown>): Promise<string[]> {
  await em.execute('create extension if not exists pg_stat_statements');
  await em.execute('select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)');
  await act();
  const rows = await em.execute<{ query: string; calls: string }[]>(
    `select s.query, s.calls from pg_stat_statements s join pg_database d on d.oid = s.dbid
     where d.datname = current_database() and s.query not like '%pg_stat_statements%' and s.toplevel`,
  );
  const asked = rows.filter(({ query }) => !OF_THE_INSTANCE.test(query));
  return asked.flatMap(({ query, calls }) => Array<string>(Number(calls)).fill(query));
}
