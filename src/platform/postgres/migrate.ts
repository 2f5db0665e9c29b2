import { setTimeout as sleep } from 'node:timers/promises';
import { IsolationLevel } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { StartError } from '../start-error.js';
import { acrossShops } from '../tenancy.js';
import { ensureServerRole, grantServerRights } from './server-role.js';

/** One number for every instance of this program, so that two that start at once migrate once. Any other would do as well. */
const MIGRATION_LOCK = 7_386_115;
const LOCK_POLL_MS = 100;
/** What PostgreSQL says where a statement has waited for a lock for longer than its lock_timeout. */
const LOCK_NOT_AVAILABLE = '55P03';
const LOCK_TRIES = 10;
const LOCK_PAUSE_MS = 1_000;
const HISTORY_TABLE = 'mikro_orm_migrations';

/**
 * Names of the migrations that this program has and the database has not, oldest first. It only reads (the ORM's own question would
 * create the table it asks), so a start in production needs no right to change the schema.
 */
export async function pendingMigrations(orm: MikroORM): Promise<string[]> {
  const applied = new Set(await appliedMigrations(orm));
  return knownMigrations(orm).filter((name) => !applied.has(name));
}

function knownMigrations(orm: MikroORM): string[] {
  return (orm.config.get('migrations').migrationsList ?? []).map(({ name }) => name);
}

/** Names of the migrations that the database has had, oldest first. */
export async function appliedMigrations(orm: MikroORM): Promise<string[]> {
  return acrossShops(async () => {
    const em = orm.em.fork();
    const [found] = await em.execute<{ exists: boolean }[]>('select to_regclass(?) is not null as exists', [HISTORY_TABLE]);
    if (!found?.exists) return [];
    const rows = await em.execute<{ name: string }[]>(`select name from ${HISTORY_TABLE} order by id`);
    return rows.map(({ name }) => name);
  });
}

/** Brings the database up to date and says which migrations it took. Of instances that ask at once one migrates, the others find it done. */
export async function migrateUp(orm: MikroORM): Promise<string[]> {
  await ensureServerRole(orm);
  return underLock(orm, async () => {
    const before = new Set(await appliedMigrations(orm));
    await patiently(() => orm.migrator.up());
    await grantServerRights(orm);
    return (await appliedMigrations(orm)).filter((name) => !before.has(name));
  });
}

/**
 * Takes the newest applied migration back. Empty when there is none. Refuses with a StartError where this program does not have that
 * migration: an older one would be taken back from under it.
 */
export async function migrateDown(orm: MikroORM): Promise<string[]> {
  return underLock(orm, async () => {
    const newest = (await appliedMigrations(orm)).at(-1);
    if (newest === undefined) return [];
    if (!knownMigrations(orm).includes(newest)) {
      throw new StartError(
        `the newest migration of the database, ${newest}, is not known here: take it back with the version of the program that has it`,
      );
    }
    return (await patiently(() => orm.migrator.down())).map(({ name }) => name);
  });
}

/**
 * A migration that alters a table which is in use says how long it may wait for it (`set local lock_timeout`), since whoever wants the table then
 * waits behind it. It is rolled back and tried again, so that those get their turn; those before it have committed and are not run again.
 */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!waitedForLock(error)) throw error;
      if (attempt >= LOCK_TRIES) {
        throw new StartError(
          `a table that a migration changes was in use for too long, ${String(LOCK_TRIES)} times: end what holds it, such as a running pg_dump, and migrate again; the migrations before it have been applied`,
        );
      }
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** The migrator wraps what the database said. */
function waitedForLock(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return true;
  }
  return false;
}

/** Asks for the lock again and again until it is free, and does the work while it is held. */
async function underLock<T>(orm: MikroORM, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const attempt = await tryUnderLock(orm, work);
    if (attempt) return attempt.result;
    await sleep(LOCK_POLL_MS);
  }
}

/**
 * Undefined where another has the lock. It is held by a transaction on a connection of its own and goes when that connection goes, however
 * the process ends. The migrations run beside it, so that one that may not run in a transaction (an index built concurrently) can be
 * written. Such a build waits for every transaction that holds a snapshot when it begins: so whoever does not get the lock ends its
 * transaction instead of waiting in it, and the holder's is READ COMMITTED, which keeps no snapshot between statements.
 */
function tryUnderLock<T>(orm: MikroORM, work: () => Promise<T>): Promise<{ result: T } | undefined> {
  return acrossShops(() =>
    orm.em.fork().transactional(
      async (em) => {
        await em.execute('set local idle_in_transaction_session_timeout = 0');
        const [lock] = await em.execute<{ taken: boolean }[]>('select pg_try_advisory_xact_lock(?) as taken', [MIGRATION_LOCK]);
        return lock?.taken ? { result: await work() } : undefined;
      },
      { isolationLevel: IsolationLevel.READ_COMMITTED },
    ),
  );
}
