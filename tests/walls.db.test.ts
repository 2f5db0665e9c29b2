import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ormConfig } from '../mikro-orm.config.js';
import type { App } from '../src/app.js';
import { newId } from '../src/kernel/ids.js';
import { SERVER_RIGHTS } from '../src/platform/postgres/server-role.js';
import { acrossShops, inShop } from '../src/platform/tenancy.js';
import { createTestApp } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { openStockedShop, type StockedShop } from './support/stocked-shop.js';

const POOL_MAX = 2;
const NO_FILTER = { filters: false } as const;

let database: TestDatabase;
let app: App;
/** With both walls. */
let orm: MikroORM;
let mine: StockedShop;
let theirs: StockedShop;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  [mine, theirs] = [await openStockedShop(app, 'MINE'), await openStockedShop(app, 'THEIRS')];
  orm = new MikroORM(ormConfig(database.url, { poolMax: POOL_MAX }));
});
afterAll(async () => {
  await orm.close();
  await app.close();
  await database.drop();
});

const outside = <T = { name: string }>(sql: string, values: readonly unknown[] = []): Promise<T[]> =>
  database.orm.em.fork().execute<T[]>(sql, [...values]);
const asMine = <T>(act: () => Promise<T>): Promise<T> => inShop(mine.shopId, act);

/** Every table of a shop, and the column that says which. */
async function shopTables(): Promise<{ name: string; key: string }[]> {
  return outside(
    `select c.relname as name, a.attname as key from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and (a.attname = 'shop_id' or (c.relname = 'shop' and a.attname = 'id'))
     order by 1`,
  );
}

/** The entities of a shop, and which shops the forgetful sees: he asks for all of them, and says nothing of a shop. */
async function shopsSeen(of: MikroORM, options: object = {}): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = {};
  for (const meta of of.getMetadata().getAll().values()) {
    if (!meta.tableName || !('shopId' in meta.properties || meta.className === 'Shop')) continue;
    const key = meta.className === 'Shop' ? 'id' : 'shopId';
    const rows = (await of.em.fork().find(meta.class as never, {}, { ...options, fields: [key] as never })) as Record<
      string,
      string
    >[];
    seen[meta.className] = [...new Set(rows.map((row) => row[key] ?? ''))].sort();
  }
  return seen;
}

/** What is there, of these shops. */
async function shopsThere(of: MikroORM, shops: readonly string[]): Promise<Record<string, string[]>> {
  const there: Record<string, string[]> = {};
  for (const { className, tableName, properties } of of.getMetadata().getAll().values()) {
    if (!tableName || !('shopId' in properties || className === 'Shop')) continue;
    const key = className === 'Shop' ? 'id' : 'shop_id';
    const rows = await outside<{ shop: string }>(
      `select distinct "${key}" as shop from "${tableName}" where "${key}" = any(?::uuid[])`,
      [`{${shops.join(',')}}`],
    );
    there[className] = rows.map(({ shop }) => shop).sort();
  }
  return there;
}
const onlyMine = () => shopsThere(orm, [mine.shopId]);
const both = () => shopsThere(orm, [mine.shopId, theirs.shopId]);

describe('a forgotten where', () => {
  test('of the ORM finds one shop with both walls', async () => {
    const seen = await asMine(() => shopsSeen(orm));
    expect(Object.keys(seen).length).toBeGreaterThan(20);
    expect(seen).toEqual(await onlyMine());
  });

  test('finds one shop with the filter alone, and both without it', async () => {
    const filterOnly = new MikroORM({ ...ormConfig(database.url), driverOptions: { connectionString: database.url } });
    const seen = await asMine(() => shopsSeen(filterOnly));
    const without = await asMine(() => shopsSeen(filterOnly, NO_FILTER));
    await filterOnly.close();
    expect(seen).toEqual(await onlyMine());
    expect(without).toEqual(await both());
  });

  test('finds one shop with row-level security alone', async () => {
    const seen = await asMine(() => shopsSeen(orm, NO_FILTER));
    expect(seen).toEqual(await onlyMine());
  });

  test('of SQL by hand finds one shop in every table, and both once the table has no row-level security', async () => {
    const ask = async (name: string, key: string) => {
      const rows = await asMine(() =>
        orm.em.fork().execute<{ shop: string }[]>(`select distinct "${key}" as shop from "${name}"`),
      );
      return rows.map(({ shop }) => shop).filter((shop) => shop === mine.shopId || shop === theirs.shopId);
    };
    for (const { name, key } of await shopTables()) {
      const seen = await ask(name, key);
      await outside(`alter table "${name}" disable row level security`);
      const without = await ask(name, key);
      await outside(`alter table "${name}" enable row level security`);
      const there = await outside<{ shop: string }>(
        `select distinct "${key}" as shop from "${name}" where "${key}" = any(?::uuid[])`,
        [`{${[mine.shopId, theirs.shopId].join(',')}}`],
      );
      const shops = there.map(({ shop }) => shop).sort();
      expect({ name, seen }).toEqual({ name, seen: shops.filter((shop) => shop === mine.shopId) });
      expect({ name, without: without.sort() }).toEqual({ name, without: shops });
    }
  });

  test('in a search finds one shop', async () => {
    const rows = await asMine(() => orm.em.fork().execute('select distinct shop_id from stock_item_searched'));
    expect(rows).toEqual([{ shop_id: mine.shopId }]);
  });

  test('of a change reaches one shop', async () => {
    const before = await outside('select * from location where shop_id = ? order by id', [theirs.shopId]);
    await asMine(() => orm.em.fork().execute("update location set name = 'TAKEN'"));
    await asMine(() => orm.em.fork().nativeUpdate('Location' as never, {}, { name: 'TAKEN' } as never, NO_FILTER));
    await asMine(() => orm.em.fork().execute('delete from barcode'));
    expect(await outside('select * from location where shop_id = ? order by id', [theirs.shopId])).toEqual(before);
    expect(await outside('select 1 from barcode where shop_id = ? limit 1', [theirs.shopId])).toHaveLength(1);
    expect(await outside('select 1 from barcode where shop_id = ?', [mine.shopId])).toEqual([]);
  });
});

test('a row cannot be written into another shop, or moved there', async () => {
  const insert = `insert into category (shop_id, id, name, code, created_at, updated_at) values (?, ?, 'x', ?, now(), now())`;
  const write = (shopId: string) => asMine(() => orm.em.fork().execute(insert, [shopId, newId(), newId().toUpperCase()]));
  await write(mine.shopId);
  await expect(write(theirs.shopId)).rejects.toThrow(/row-level security/);
  const move = asMine(() => orm.em.fork().execute('update category set shop_id = ?', [theirs.shopId]));
  await expect(move).rejects.toThrow(/row-level security|foreign key/);
});

describe('where nobody has said of which shop', () => {
  test('the ORM refuses, and the database shows no row of any table', async () => {
    await expect(orm.em.fork().find('Location' as never, {})).rejects.toThrow('nobody said of which shop');
    for (const { name } of await shopTables())
      expect([name, await orm.em.fork().execute(`select 1 from "${name}"`)]).toEqual([name, []]);
    expect(await orm.em.fork().execute('select 1 from stock_item_searched')).toEqual([]);
  });
});

describe('the role of the server', () => {
  test('has policies on every table of a shop, each of them named with its rights, and nothing on others', async () => {
    const tables = (await shopTables()).map(({ name }) => name);
    const secured = await outside(
      `select c.relname as name from pg_class c join pg_policy p on p.polrelid = c.oid and p.polname = 'one_shop' and p.polcmd = '*'
       where c.relrowsecurity and p.polqual is not null and p.polwithcheck is not null and p.polpermissive order by 1`,
    );
    expect(secured.map(({ name }) => name)).toEqual(tables);
    const others = await outside(`select polname as name from pg_policy where polname <> 'one_shop'`);
    expect(others).toEqual([]);
    expect(
      Object.keys(SERVER_RIGHTS)
        .filter((name) => name !== 'stock_item_searched')
        .sort(),
    ).toEqual(tables);
    const given = await outside(
      `select distinct c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v', 'm', 'S', 'p')
       and (has_table_privilege('stockroom_server', c.oid, 'select, insert, update, delete, truncate, references, trigger')) order by 1`,
    );
    expect(given.map(({ name }) => name)).toEqual(Object.keys(SERVER_RIGHTS).sort());
  });

  test.each([
    'update stock_movement set balance_after = 0',
    'delete from stock_movement',
    'delete from idempotency_key',
    'delete from audit_entry',
    'truncate stock_movement',
    'delete from shop',
    'select 1 from outbox_job; drop table outbox_job',
    'select * from cache_member',
    'select * from file_store',
    'alter table shop disable row level security',
    'create table public.planted ()',
  ])('may not: %s', async (sql) => {
    await expect(asMine(() => orm.em.fork().execute(sql))).rejects.toThrow(/permission denied|must be owner/);
  });
});

describe('a connection', () => {
  test('serves whoever asks next, and shows nobody what is another one’s', async () => {
    const ask = (shopId: string) => inShop(shopId, () => orm.em.fork().execute('select distinct shop_id from location'));
    const shops = Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? mine : theirs).shopId);
    const seen = await Promise.all(shops.map(ask));
    expect(seen).toEqual(shops.map((shop_id) => [{ shop_id }]));
  });

  test('that served all shops, failed or was rolled back serves one shop again', async () => {
    const ask = () => asMine(() => orm.em.fork().execute('select distinct shop_id from location'));
    for (let index = 0; index < POOL_MAX * 3; index += 1) {
      expect(await acrossShops(() => orm.em.fork().execute('select distinct shop_id from location'))).toHaveLength(2);
      await expect(acrossShops(() => orm.em.fork().transactional((em) => em.execute('select 1 / 0')))).rejects.toThrow('zero');
      expect(await ask()).toEqual([{ shop_id: mine.shopId }]);
      expect(await orm.em.fork().execute('select 1 from location')).toEqual([]);
    }
  });

  test('that dies while it is told whom it serves costs no place in the pool', async () => {
    const pids = () => orm.em.fork().execute<{ pid: number }[]>('select pg_backend_pid() as pid');
    for (let index = 0; index < POOL_MAX * 3; index += 1) {
      const held = await Promise.all(Array.from({ length: POOL_MAX }, pids));
      await outside('select pg_terminate_backend(pid) from unnest(?::int[]) as pid', [
        `{${held
          .flat()
          .map(({ pid }) => pid)
          .join(',')}}`,
      ]);
      await Promise.all(
        Array.from({ length: POOL_MAX * 2 }, () => asMine(() => orm.em.fork().execute('select 1')).catch(() => undefined)),
      );
    }
    expect(await asMine(() => orm.em.fork().execute('select distinct shop_id from location'))).toEqual([
      { shop_id: mine.shopId },
    ]);
  });
});

test('a statement for a shop has a time to be done in, one for all shops what the database gives it', async () => {
  const timeout = () => orm.em.fork().execute<{ statement_timeout: string }[]>('show statement_timeout');
  const byItself = await outside<{ statement_timeout: string }>('show statement_timeout');
  for (let round = 0; round < POOL_MAX + 1; round += 1) {
    expect(await asMine(timeout)).toEqual([{ statement_timeout: '1min' }]);
    expect(await acrossShops(timeout)).toEqual(byItself);
  }
});
