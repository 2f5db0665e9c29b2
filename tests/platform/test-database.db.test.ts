import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';

test('two databases from one template are migrated and apart', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await one.orm.em.fork().execute('create table only_here (id int)');
    const exists = 'select to_regclass(?) is not null as there';
    expect(await one.orm.em.fork().execute(exists, ['only_here'])).toEqual([{ there: true }]);
    expect(await other.orm.em.fork().execute(exists, ['only_here'])).toEqual([{ there: false }]);
    expect(await other.orm.em.fork().execute(exists, ['stock_movement'])).toEqual([{ there: true }]);
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
});
