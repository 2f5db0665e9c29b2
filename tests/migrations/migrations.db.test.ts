import { afterEach, describe, expect, test } from 'vitest';
import { MovementService, STOCK_REFUSALS } from '../../src/features/stock/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import { quantity } from '../../src/kernel/quantity.js';
import { UnitOfWork } from '../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop } from '../support/shop-fixture.js';

let database: TestDatabase | undefined;
afterEach(() => database?.drop());

async function openWithStock(): Promise<TestDatabase> {
  database = await createTestDatabase();
  const { actor, items } = await createShop(database.orm.em);
  const service = new MovementService(new UnitOfWork(database.orm.em, STOCK_REFUSALS), systemClock);
  const key = { scope: 'STOCK', key: newId() } as const;
  await service.postOne(actor, { type: 'MOVE', kind: 'RECEIPT', key, item: { id: items[0]?.id }, quantity: quantity('5') });
  return database;
}

test('what the entities say and what the migrations make is the same', async () => {
  database = await createTestDatabase();
  expect(await database.orm.schema.getUpdateSchemaSQL()).toBe('');
});

test('each migration goes down and up again with data in the tables that stay', async () => {
  const { orm } = await openWithStock();
  const executed = await orm.migrator.getExecuted();
  await orm.migrator.down();
  expect(await orm.em.fork().execute('select count(*)::int as count from stock_movement')).toEqual([{ count: 1 }]);
  await orm.migrator.up();
  expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
  await orm.migrator.down({ to: 0 });
  expect(await orm.em.fork().execute("select relname from pg_class where relname like 'stock%'")).toEqual([]);
  await orm.migrator.up();
  expect((await orm.migrator.getExecuted()).map(({ name }) => name)).toEqual(executed.map(({ name }) => name));
  expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
});

test('every key is a principal under the same id, also one that is added by hand', async () => {
  const { orm } = await openWithStock();
  const em = orm.em.fork();
  await em.execute(`insert into api_key (shop_id, id, name, role, secret_hash, created_at)
    select id, gen_random_uuid(), '', 'READER', 'x', now() from shop`);
  const rows = await em.execute(
    'select k.name, p.name as called, p.kind from api_key k left join principal p using (shop_id, id) order by k.name',
  );
  expect(rows).toEqual([
    { name: '', called: '(no name)', kind: 'KEY' },
    { name: 'OWNER key', called: 'OWNER key', kind: 'KEY' },
  ]);
});

test('going down, a person who acted becomes a revoked key of that name', async () => {
  const { orm } = await openWithStock();
  const em = orm.em.fork();
  await em.execute(`insert into principal (shop_id, id, kind, name) select id, gen_random_uuid(), 'PERSON', 'Thandi' from shop`);
  await orm.migrator.down({ to: 'Migration20261122000360_product_lookup' });
  expect(await em.execute("select role, revoked_at is not null as revoked from api_key where name = 'Thandi'")).toEqual([
    { role: 'READER', revoked: true },
  ]);
  await orm.migrator.up();
  expect(await em.execute("select name from principal where name = 'Thandi'")).toHaveLength(1);
});

const LINE = `insert into stock_movement (shop_id, id, kind, level_id, stock_item_id, location_id, quantity, balance_before, balance_after,
    level_version, actor_id, occurred_at, recorded_at)
  select shop_id, gen_random_uuid(), kind, level_id, stock_item_id, location_id`;
const REST = 'actor_id, occurred_at, recorded_at from stock_movement';

describe('the database itself refuses', () => {
  test.each([
    ['to change a line of the ledger', "update stock_movement set reason = 'x'", /append-only/],
    ['to delete one', 'delete from stock_movement', /append-only/],
    ['to forget a key that was spent', 'delete from idempotency_key', /append-only/],
    [
      'to call a movement reversed that is not',
      'insert into stock_reversal (shop_id, movement_id, reversal_id) select shop_id, gen_random_uuid(), id from stock_movement',
      /does not reverse/,
    ],
    [
      'two categories that are each in the other',
      `with ids as (select gen_random_uuid() as a, gen_random_uuid() as b)
       insert into category (shop_id, id, code, name, parent_id, created_at, updated_at)
       select shop.id, pair.id, pair.id::text, 'x', pair.parent, now(), now()
       from shop, ids, lateral (values (a, b), (b, a)) as pair(id, parent)`,
      /beneath itself/,
    ],
    [
      'a device that stands nowhere',
      `insert into api_key (shop_id, id, name, role, secret_hash, created_at)
       select id, gen_random_uuid(), 'x', 'DEVICE', 'x', now() from shop`,
      /api_key_device_check/,
    ],
    [
      'a movement by nobody',
      `${LINE}, 1, 5, 6, 2, gen_random_uuid(), occurred_at, recorded_at from stock_movement`,
      /stock_movement_shop_id_actor_id_foreign/,
    ],
    ['to empty it', 'truncate stock_movement cascade', /append-only/],
    ['a level below its floor', 'update stock_level set on_hand = -1', /stock_level_floor_check/],
    ['a level that its ledger does not say', 'update stock_level set on_hand = 4', /its ledger says 5/],
    ['a level whose version its ledger is ahead of', 'update stock_level set version = 0', /its ledger says/],
    [
      'a level that moves to another place under its ledger',
      `with other as (insert into location (shop_id, id, code, name, created_at, updated_at)
         select id, gen_random_uuid(), 'OTHER', 'Other', now(), now() from shop returning id)
       update stock_level set location_id = other.id from other`,
      /its ledger says|stock_level_shop_id_location_id_foreign/,
    ],
    ['a balance that does not add up', `${LINE}, 1, 5, 7, 2, ${REST}`, /stock_movement_balance_check/],
    ['a line that does not begin where the last ended', `${LINE}, 1, 4, 5, 2, ${REST}`, /does not continue/],
    ['a line that its level has not taken in', `${LINE}, 1, 5, 6, 2, ${REST}`, /does not continue/],
    ['a second line at the same place of the chain', `${LINE}, 5, 0, 5, 1, ${REST}`, /does not continue/],
    ['a receipt of less than nothing', `${LINE}, -1, 5, 4, 2, ${REST}`, /stock_movement_sign_check/],
    [
      'a row that points into another shop',
      `with other as (insert into shop (id, name, currency, time_zone, created_at, updated_at)
         values (gen_random_uuid(), 'other', 'ZAR', 'UTC', now(), now()) returning id)
       insert into stock_level (shop_id, id, stock_item_id, location_id, on_hand, version, updated_at)
       select other.id, gen_random_uuid(), stock_item_id, location_id, 0, 0, now() from other, stock_level`,
      /stock_level_shop_id_stock_item_id_foreign/,
    ],
    [
      'a second item with the SKU',
      `insert into stock_item (shop_id, id, sku, name, unit, search_text, created_at, updated_at)
       select shop_id, gen_random_uuid(), sku, name, unit, search_text, now(), now() from stock_item`,
      /stock_item_sku_unique/,
    ],
  ])('%s', async (_, sql, message) => {
    const { orm } = await openWithStock();
    await expect(orm.em.fork().execute(sql)).rejects.toThrow(message);
    expect(await orm.em.fork().execute('select on_hand::text from stock_level')).toEqual([{ on_hand: '5.000000' }]);
  });

  test('two moves that are right alone but would close a circle together', async () => {
    const { orm } = await openWithStock();
    const em = orm.em.fork();
    await em.execute(`insert into category (shop_id, id, code, name, created_at, updated_at)
      select shop.id, gen_random_uuid(), code, code, now(), now() from shop, unnest(array['A', 'B']) as code`);
    const under = (child: string, parent: string) =>
      `update category set parent_id = (select id from category where code = '${parent}') where code = '${child}'`;
    const [first, second] = [orm.em.fork(), orm.em.fork()];
    await first.begin();
    await second.begin();
    await first.execute(under('A', 'B'));
    const blocked = second.execute(under('B', 'A'));
    await first.commit();
    await expect(blocked).rejects.toThrow(/beneath itself/);
    await second.rollback();
  });
});
