import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/platform/postgres/free-port.js';
import { createTestDatabase } from '../support/database.js';
import { buildServer, builtServer, embeddedPid, killStarted, newDataDir, startServer } from '../support/server-process.js';

const migrateCommand = (...args: string[]) =>
  [builtServer[0], builtServer[1].replace('main.js', 'commands/migrate.js'), ...args] as const;

beforeAll(buildServer);
afterEach(killStarted);

/** What a start that must fail prints, all of it. */
async function refusal(env: Record<string, string>): Promise<string> {
  const server = startServer({ env });
  expect((await server.ended).code).toBe(1);
  return server.output();
}

describe('a start that cannot be is refused with one line that names the setting', () => {
  test('a port that is taken: PORT, and the database is stopped again', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const dataDir = newDataDir();
    const lines = (await refusal({ DATA_DIR: dataDir, PORT: port, LOG_LEVEL: 'error' })).trim().split('\n');
    expect(lines).toEqual([`stockroom: port ${port} is taken: set PORT to a free one (0 takes any)`]);
    expect(embeddedPid(dataDir)).toBeUndefined();
    taken.close();
  });

  test('an address that is not of this machine: HOST', async () => {
    const output = await refusal({ DATA_DIR: newDataDir(), HOST: '192.0.2.1', LOG_LEVEL: 'error' });
    expect(output).toBe(
      'stockroom: 192.0.2.1 is not an address of this machine: set HOST to one that is, such as 127.0.0.1 or 0.0.0.0\n',
    );
  });

  test('bad settings: a line for each', async () => {
    const output = await refusal({ PORT: 'many', NODE_ENV: 'prod' });
    expect(output).toBe(
      'stockroom: NODE_ENV is not valid: write one of development, production, test\n' +
        'stockroom: PORT is not valid: write a whole number from 0 to 65535\n',
    );
  });

  test('a secret whose file is not there: its name with _FILE', async () => {
    const output = await refusal({ DATABASE_URL_FILE: '/nowhere/hushhush', METRICS_TOKEN_FILE: '/dev/null' });
    expect(output).toBe(
      'stockroom: DATABASE_URL_FILE is not valid: the file cannot be read (ENOENT), write the path of one that this user may read\n' +
        'stockroom: METRICS_TOKEN_FILE is not valid: the file is empty\n',
    );
  });

  test('a database that does not answer: DATABASE_URL, after a bounded wait, without the password', async () => {
    const port = String(await freePort());
    const startedAt = Date.now();
    const output = await refusal({ DATABASE_URL: `postgres://me:hushhush@127.0.0.1:${port}/shop`, DATABASE_WAIT_MS: '600' });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(output).toMatch(
      /^stockroom: cannot use the database shop at 127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\): .*DATABASE_URL is right\n$/,
    );
    expect(output).not.toContain('hushhush');
  });

  test('a data folder that cannot be made: DATA_DIR', async () => {
    expect(await refusal({ DATA_DIR: '/dev/null/data' })).toMatch(
      /^stockroom: cannot write in \/dev\/null\/data \(.*\): set DATA_DIR to .*\n$/,
    );
  });
});

describe('a database of the operator', () => {
  test('that is behind is not migrated in production, and the line says how; the command does it; it is not seeded', async () => {
    const database = await createTestDatabase({ empty: true });
    const env = { DATABASE_URL: database.url, NODE_ENV: 'production' };
    expect(await refusal(env)).toMatch(
      /^stockroom: the database is behind by \d+ of its migrations: run npm run migrate, or set MIGRATE_ON_START=true.*\n$/,
    );
    expect(await database.orm.em.fork().execute("select 1 from pg_class where relname = 'mikro_orm_migrations'")).toEqual([]);

    const migrate = startServer({ env, command: migrateCommand() });
    expect((await migrate.ended).code).toBe(0);
    expect(migrate.output()).toMatch(/applied Migration/);
    const again = startServer({ env, command: migrateCommand() });
    await again.ended;
    expect(again.output()).toContain('the database is up to date');

    const server = startServer({ env });
    await server.untilOutput('"msg":"ready"');
    server.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(server.output()).not.toContain('Admin key');
    expect(await database.orm.em.fork().execute('select count(*)::int as shops from shop')).toEqual([{ shops: 0 }]);
    await database.drop();
  });

  test('is migrated by a start in development, and in production when asked', async () => {
    const ways: Record<string, string>[] = [{ NODE_ENV: 'development' }, { NODE_ENV: 'production', MIGRATE_ON_START: 'true' }];
    for (const env of ways) {
      const database = await createTestDatabase({ empty: true });
      const server = startServer({ env: { DATABASE_URL: database.url, ...env } });
      await server.untilOutput('"msg":"ready"');
      server.kill('SIGTERM');
      expect((await server.ended).code).toBe(0);
      expect(server.output()).toContain('"msg":"migrated"');
      await database.drop();
    }
  });
});

test('migrate says what is applied and pending, takes one back, and knows no other word', async () => {
  const database = await createTestDatabase();
  const run = async (...args: string[]) => {
    const command = startServer({ env: { DATABASE_URL: database.url }, command: migrateCommand(...args) });
    return { ...(await command.ended), output: command.output() };
  };
  expect((await run('status')).output).not.toContain('pending');
  expect((await run('down')).output).toMatch(/took back Migration/);
  expect((await run('status')).output).toMatch(/^pending {2}Migration\S+$/m);
  expect(await run('sideways')).toMatchObject({ code: 1, output: 'stockroom: usage: npm run migrate [-- status | -- down]\n' });
  await database.orm.em.execute("insert into mikro_orm_migrations (name) values ('Migration20990101000000_of_tomorrow')");
  expect(await run('down')).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^stockroom: .*Migration20990101000000_of_tomorrow, is not known here: .+\n$/) as string,
  });
  await database.drop();
});
