import { afterEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop } from '../../support/shop-fixture.js';

const BEFORE = 'Migration20261123000900_row_level_security';

let database: TestDatabase | undefined;
afterEach(() => database?.drop());

test('going down, a sign-out reads as a change, which the version before can show; the log is append-only as before', async () => {
  database = await createTestDatabase();
  const { orm } = database;
  const em = orm.em.fork();
  const { shop } = await createShop(orm.em);
  const insert = `insert into audit_entry (shop_id, id, at, action, subject_type, address) values (?, gen_random_uuid(), now(), ?, 'Membership', '::1')`;
  for (const action of ['SIGNED_OUT', 'SIGNED_IN']) await em.execute(insert, [shop.id, action]);
  await orm.migrator.down({ to: BEFORE });
  expect(
    await em.execute("select action, fields, address from audit_entry where subject_type = 'Membership' order by action"),
  ).toEqual([
    { action: 'SIGNED_IN', fields: [], address: '::1' },
    { action: 'UPDATED', fields: ['session'], address: '::1' },
  ]);
  await expect(em.execute(insert, [shop.id, 'SIGNED_OUT'])).rejects.toThrow(/audit_entry_action_check/);
  await expect(em.execute("update audit_entry set action = 'CREATED'")).rejects.toThrow(/append-only/);
  await orm.migrator.up();
  await em.execute(insert, [shop.id, 'SIGNED_OUT']);
  expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
});
