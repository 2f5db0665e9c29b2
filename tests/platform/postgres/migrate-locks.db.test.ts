import { expect, test } from 'vitest';
import { appliedMigrations, migrateDown, migrateUp } from '../../../src/platform/postgres/migrate.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const RULES = 'Migration20261122000310_reorder_rules';
/** It alters all tables at once. */
const ROW_LEVEL_SECURITY = 'Migration20261123000900_row_level_security';

async function downTo(database: TestDatabase, name: string): Promise<string[]> {
  const taken: string[] = [];
  while (taken.at(-1) !== name) taken.push(...(await migrateDown(database.orm)));
  return taken.toReversed();
}

async function waitsFor(database: TestDatabase, waits: boolean): Promise<void> {
  const em = database.orm.em.fork();
  for (;;) {
    const waiting = await em.execute(
      `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
    );
    if (waiting.length > 0 === waits) return;
  }
}

test.each([RULES, ROW_LEVEL_SECURITY])(
  '%s, when it meets a running dump, lets sales through, and is done when the dump is',
  async (name) => {
    const database = await createTestDatabase();
    const expected = await downTo(database, name);
    const dump = database.orm.em.fork();
    await dump.begin();
    await dump.execute('lock table stock_level in access share mode');
    const migrating = migrateUp(database.orm);
    await waitsFor(database, true);
    // It waits for the dump, and whoever wants the table behind it: until it gives up its turn.
    await database.orm.em.fork().execute('select count(*) from stock_level');
    expect(await appliedMigrations(database.orm)).not.toContain(name);
    await dump.commit();
    expect(await migrating).toEqual(expected);
    await database.drop();
  },
);
