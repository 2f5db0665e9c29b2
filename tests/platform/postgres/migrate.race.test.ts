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

test('every migration goes down and up again, the newest first', async () => {
  const database = await createTestDatabase();
  const all = await appliedMigrations(database.orm);
  for (const name of all.toReversed()) expect(await migrateDown(database.orm)).toEqual([name]);
  expect(await migrateDown(database.orm)).toEqual([]);
  expect(await migrateUp(database.orm)).toEqual(all);
  await database.drop();
});
