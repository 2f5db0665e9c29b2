import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ormConfig } from '../../../mikro-orm.config.js';
import { migrateUp } from '../../../src/platform/postgres/migrate.js';
import { checkServerRole, ensureServerRole } from '../../../src/platform/postgres/server-role.js';
import { acrossShops, inShop } from '../../../src/platform/tenancy.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const BYTES = 6;
/** What a managed database gives: it owns its database, and may make no roles. */
const LOGIN = `stockroom_test_login_${randomBytes(BYTES).toString('hex')}`;
const PASSWORD = randomBytes(BYTES).toString('hex');

let database: TestDatabase;
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  const url = new URL(database.url);
  await outside(`create role "${LOGIN}" login password '${PASSWORD}'`);
  await outside(`alter database "${url.pathname.slice(1)}" owner to "${LOGIN}"`);
  Object.assign(url, { username: LOGIN, password: PASSWORD });
  orm = new MikroORM(ormConfig(url.href));
});
afterAll(async () => {
  await orm.close();
  await outside(`drop owned by "${LOGIN}" cascade`);
  await outside(`alter database "${new URL(database.url).pathname.slice(1)}" owner to current_user`);
  await outside(`drop role "${LOGIN}"`);
  await database.drop();
});

const outside = (sql: string): Promise<unknown> => database.orm.em.fork().execute(sql);

test('a login that may not assume the role is told what an administrator has to run, and nothing is migrated', async () => {
  const lines = /create role stockroom_server nologin;\n {2}grant stockroom_server to "stockroom_test_login_\w+";/;
  await expect(migrateUp(orm)).rejects.toThrow(lines);
  await expect(checkServerRole(orm)).rejects.toThrow(lines);
  expect(await acrossShops(() => orm.em.fork().execute("select 1 from pg_class where relname = 'stock_item'"))).toEqual([]);
});

test('once that was run it migrates as an owner who is no superuser, and the walls stand', async () => {
  await outside(`grant stockroom_server to "${LOGIN}"`);
  expect((await migrateUp(orm)).length).toBeGreaterThan(10);
  await checkServerRole(orm);
  await ensureServerRole(orm);
  const shops = [newId(), newId()] as const;
  const insert = `insert into shop (id, name, currency, time_zone, created_at, updated_at) values (?, 'x', 'ZAR', 'UTC', now(), now())`;
  for (const id of shops) await acrossShops(() => orm.em.fork().execute(insert, [id]));
  expect(await acrossShops(() => orm.em.fork().execute('select id from shop'))).toHaveLength(2);
  for (const id of shops) expect(await inShop(id, () => orm.em.fork().execute('select id from shop'))).toEqual([{ id }]);
});

test('rights that were lost or added stop a start, and migrating mends them', async () => {
  await outside('revoke select on stock_item from stockroom_server');
  await outside('grant delete on stock_movement to stockroom_server');
  await expect(checkServerRole(orm)).rejects.toThrow('run npm run migrate');
  await migrateUp(orm);
  await checkServerRole(orm);
  const rights = await acrossShops(() =>
    orm.em
      .fork()
      .execute(
        `select has_table_privilege('stockroom_server', 'stock_item', 'select') as reads, has_table_privilege('stockroom_server', 'stock_movement', 'delete') as deletes`,
      ),
  );
  expect(rights).toEqual([{ reads: true, deletes: false }]);
});

test('a login that row-level security binds as well stops a start', async () => {
  await outside('alter table stock_item force row level security');
  await expect(checkServerRole(orm)).rejects.toThrow('sees no rows of stock_item');
  await outside('alter table stock_item no force row level security');
});
