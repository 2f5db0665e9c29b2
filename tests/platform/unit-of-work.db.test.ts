import { createServer, connect, type AddressInfo } from 'node:net';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ormConfig } from '../../mikro-orm.config.js';
import { DomainError } from '../../src/kernel/errors.js';
import { EVERY_SHOP } from '../../src/platform/tenancy.js';
import { UnitOfWork, type Transaction } from '../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const POOL_MAX = 2;
/** More often than the pool has connections: if each time cost one, none would be left. */
async function tooOften(act: () => Promise<void>): Promise<void> {
  for (let left = POOL_MAX + 2; left > 0; left -= 1) await act();
}

let database: TestDatabase;
let work: UnitOfWork;

beforeAll(async () => {
  database = await createTestDatabase({ poolMax: POOL_MAX });
  work = new UnitOfWork(database.orm.em, { probe_late: () => new DomainError('IN_USE', 'Refused at COMMIT.') });
  await database.orm.em.fork().execute(`
    create table probe (id int primary key);
    create function probe_fn() returns trigger language plpgsql as $$
    begin
      if new.id = 1 then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); end if;
      raise exception 'no' using errcode = 'check_violation', constraint = 'probe_late';
    end $$;
    create constraint trigger probe_late after insert on probe deferrable initially deferred for each row execute function probe_fn();
  `);
});
afterAll(() => database.drop());

const read = ({ em }: Transaction) => em.execute('select 1 as ok');
const end = async ({ em }: Transaction): Promise<void> => {
  await em.execute('select pg_terminate_backend(pg_backend_pid())');
};

describe('a connection that dies', () => {
  test('in the work costs that work and no connection of the pool', async () => {
    await tooOften(() => expect(work.run(EVERY_SHOP, end)).rejects.toThrow());
    expect(await work.run(EVERY_SHOP, read)).toEqual([{ ok: 1 }]);
  });

  test('while it commits, the same', async () => {
    const insert = ({ em }: Transaction) => em.execute('insert into probe values (1)');
    await tooOften(() => expect(work.run(EVERY_SHOP, insert)).rejects.toThrow());
    expect(await work.run(EVERY_SHOP, read)).toEqual([{ ok: 1 }]);
  });

  test('while it begins, the same', async () => {
    const { hostname, port, pathname } = new URL(database.url);
    let isCutting = false;
    const proxy = createServer((client) => {
      const server = connect(Number(port), hostname);
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on('error', () => undefined).on('close', () => to.destroy());
        from.on('data', (data) => {
          if (isCutting && data.includes('start transaction')) from.destroy();
          else to.write(data);
        });
      }
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const url = new URL(database.url);
    url.host = `127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
    url.pathname = pathname;
    const orm = new MikroORM(ormConfig(url.href, { poolMax: POOL_MAX }));
    const cut = new UnitOfWork(orm.em, {});
    isCutting = true;
    await tooOften(() => expect(cut.run(EVERY_SHOP, read)).rejects.toThrow());
    isCutting = false;
    expect(await cut.run(EVERY_SHOP, read)).toEqual([{ ok: 1 }]);
    await orm.close();
    proxy.close();
  });
});

test('what COMMIT refuses becomes a refusal like any other broken constraint', async () => {
  const refused = work.run(EVERY_SHOP, ({ em }) => em.execute('insert into probe values (2)'));
  await expect(refused).rejects.toMatchObject({ code: 'IN_USE' });
});

test('after a wait it sees what was committed meanwhile, whatever the database takes for its default', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await database.orm.em.fork().execute(`alter database "${name}" set default_transaction_isolation = 'serializable'`);
  const orm = new MikroORM(ormConfig(database.url));
  const byDefault = await orm.em.fork().execute('show default_transaction_isolation');
  const own = await new UnitOfWork(orm.em, {}).run(EVERY_SHOP, ({ em }) => em.execute('show transaction_isolation'));
  await orm.close();
  expect(byDefault).toEqual([{ default_transaction_isolation: 'serializable' }]);
  expect(own).toEqual([{ transaction_isolation: 'read committed' }]);
});
