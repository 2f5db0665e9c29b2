import type { MikroORM } from '@mikro-orm/postgresql';

/** One number for every instance of this program, so that two that start at once migrate once. Any other would do as well. */
const MIGRATION_LOCK = 7_386_115;
const HISTORY_TABLE = 'mikro_orm_migrations';

/**
 * Names of the migrations that this program has and the database has not, oldest first. It only reads (the ORM's own question would
 * create the table it asks), so a start in production needs no right to change the schema.
 */
export async function pendingMigrations(orm: MikroORM): Promise<string[]> {
  const names = (orm.config.get('migrations').migrationsList ?? []).map(({ name }) => name);
  const applied = new Set(await appliedMigrations(orm));
  return names.filter((name) => !applied.has(name));
}

/** Names of the migrations that the database has had, oldest first. */
export async function appliedMigrations(orm: MikroORM): Promise<string[]> {
  const em = orm.em.fork();
  const [found] = await em.execute<{ exists: boolean }[]>('select to_regclass(?) is not null as exists', [HISTORY_TABLE]);
  if (!found?.exists) return [];
  const rows = await em.execute<{ name: string }[]>(`select name from ${HISTORY_TABLE} order by id`);
  return rows.map(({ name }) => name);
}

/** Brings the database up to date and says which migrations it took. Of instances that ask at once one migrates, the others find it done. */
export async function migrateUp(orm: MikroORM): Promise<string[]> {
  return underLock(orm, async () => (await orm.migrator.up()).map(({ name }) => name));
}

/** Takes the newest applied migration back. Empty when there is none. */
export async function migrateDown(orm: MikroORM): Promise<string[]> {
  return underLock(orm, async () => {
    if ((await appliedMigrations(orm)).length === 0) return [];
    return (await orm.migrator.down()).map(({ name }) => name);
  });
}

/**
 * The lock is held by a transaction on a connection of its own and goes when that connection goes, however the process ends. The
 * migrations run beside it, so that one that may not run in a transaction (an index built concurrently) can be written.
 */
async function underLock<T>(orm: MikroORM, work: () => Promise<T>): Promise<T> {
  return orm.em.fork().transactional(async (em) => {
    await em.execute('set local idle_in_transaction_session_timeout = 0');
    await em.execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    return work();
  });
}
