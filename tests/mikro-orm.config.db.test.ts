import { MikroORM } from '@mikro-orm/postgresql';
import { expect, test } from 'vitest';
import { ormConfig } from '../mikro-orm.config.js';
import { createTestDatabase } from './support/database.js';

test('what stands behind the "?" of DATABASE_URL reaches the connection', async () => {
  const database = await createTestDatabase();
  const url = new URL(database.url);
  url.searchParams.set('application_name', 'till');
  const orm = new MikroORM(ormConfig(url.href));
  const rows = await orm.em
    .fork()
    .execute('select current_database() as name, application_name from pg_stat_activity where pid = pg_backend_pid()');
  await orm.close();
  await database.drop();
  expect(rows).toEqual([{ name: url.pathname.slice(1), application_name: 'till' }]);
});
