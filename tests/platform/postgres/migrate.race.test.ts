import { Migration } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { expect, test } from 'vitest';
import { ormConfig } from '../../../mikro-orm.config.js';
import { appliedMigrations, migrateDown, migrateUp, pendingMigrations } from '../../../src/platform/postgres/migrate.js';
import { createTestDatabase } from '../../support/database.js';

const INSTANCES = 4;

test('of several instances that start at once on an empty database one migrates, and the others find it done', async () => {
  const database = await createTestDatabase({ empty: true });
  const orms = Array.from({ length: INSTANCES }, () => new MikroORM(ormConfig(database.url, { poolMax: 2 })));
  const known = await pendingMigrations(database.orm);
  expect(known.length).toBeGreaterThan(0);
  const done = await Promise.all(orms.map(migrateUp));
  expect(done.flat()).toEqual(known);
  expect(done.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await appliedMigrations(database.orm)).toEqual(known);
  expect(await pendingMigrations(database.orm)).toEqual([]);
  await Promise.all(orms.map((orm) => orm.close()));
  await database.drop();
});

/** Such a build waits for every transaction that holds a snapshot: one that waits for the migration lock must hold none. */
class BuildsAnIndexConcurrently extends Migration {
  override up(): void {
    this.addSql('select pg_sleep(0.5)');
    this.addSql('create index concurrently shop_name_index on shop (name)');
  }

  override down(): void {
    this.addSql('drop index concurrently shop_name_index');
  }

  override isTransactional(): boolean {
    return false;
  }
}
const INDEX_MIGRATION = 'Migration20990101000000_index';

function ormWithIndexMigration(url: string): MikroORM {
  const options = ormConfig(url, { poolMax: 2 });
  const migrationsList = [
    ...(options.migrations?.migrationsList ?? []),
    { name: INDEX_MIGRATION, class: BuildsAnIndexConcurrently },
  ];
  return new MikroORM({ ...options, migrations: { ...options.migrations, migrationsList } });
}

test.each(['read committed', 'repeatable read'])(
  'several instances at once and an index built concurrently do not wait for each other, where transactions are %s',
  async (isolation) => {
    const database = await createTestDatabase();
    await database.orm.em.execute(
      `do $$ begin execute format('alter database %I set default_transaction_isolation = ''${isolation}''', current_database()); end $$`,
    );
    const orms = Array.from({ length: INSTANCES }, () => ormWithIndexMigration(database.url));
    const done = await Promise.all(orms.map(migrateUp));
    expect(done.flat()).toEqual([INDEX_MIGRATION]);
    expect(
      await database.orm.em.execute("select indisvalid from pg_index where indexrelid = 'shop_name_index'::regclass"),
    ).toEqual([{ indisvalid: true }]);
    await Promise.all(orms.map((orm) => orm.close()));
    await database.drop();
  },
);

test('a newest migration that is not known here is not passed over on the way down', async () => {
  const database = await createTestDatabase();
  const newer = ormWithIndexMigration(database.url);
  await migrateUp(newer);
  const applied = await appliedMigrations(database.orm);
  await expect(migrateDown(database.orm)).rejects.toThrow(INDEX_MIGRATION);
  expect(await appliedMigrations(database.orm)).toEqual(applied);
  expect(await migrateDown(newer)).toEqual([INDEX_MIGRATION]);
  await newer.close();
  await database.drop();
});

test('every migration goes down and up again, the newest first', async () => {
  const database = await createTestDatabase();
  const all = await appliedMigrations(database.orm);
  for (const name of all.toReversed()) expect(await migrateDown(database.orm)).toEqual([name]);
  expect(await migrateDown(database.orm)).toEqual([]);
  expect(await migrateUp(database.orm)).toEqual(all);
  await database.drop();
});
