import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { parseGlobalId } from '../../../src/graphql/global-id.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { openStockedShop, type StockedShop } from '../../support/stocked-shop.js';

let database: TestDatabase;
let app: App;
let shop: StockedShop;
let other: StockedShop;
let owner: GraphQLClient;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  other = await openStockedShop(app, 'OTHER');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
let opened = 0;
beforeEach(async () => {
  opened += 1;
  shop = await openStockedShop(app, `SHOP${String(opened)}`);
  owner = appClient(app, shop.secret);
});

/** Of whoever is told of alerts in the shop. */
const address = () => `shop${String(opened)}@example.co.za`;
const sql = <Row extends object>(text: string, parameters: unknown[] = []) =>
  database.orm.em.fork().execute<Row[]>(text, parameters);
const userErrors = (code: string) => [{ code, path: ['address'] }];

interface Exported {
  readonly personalDataExport: { readonly data: string | null; readonly userErrors: object[] };
}
const exportOf = async (of: string, client = owner) =>
  (
    await client<Exported>('mutation ($of: String!) { personalDataExport(address: $of) { data userErrors { code path } } }', {
      of,
    })
  ).personalDataExport;
interface Erased {
  readonly personalDataErase: { readonly erased: number; readonly userErrors: object[] };
}
const erase = async (of: string, client = owner) =>
  (
    await client<Erased>('mutation ($of: String!) { personalDataErase(address: $of) { erased userErrors { code path } } }', {
      of,
    })
  ).personalDataErase;

/** Tables in which a row of the shop holds the text, in whatever column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'shop_id' order by 1",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql(`select 1 from "${name}" t where shop_id = ? and position(lower(?) in lower(t::text)) > 0`, [
      shop.shopId,
      text,
    ]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function ledger(): Promise<unknown> {
  return {
    movements: await sql('select * from stock_movement where shop_id = ? order by seq', [shop.shopId]),
    levels: await sql('select * from stock_level where shop_id = ? order by id', [shop.shopId]),
    principals: await sql('select * from principal where shop_id = ? order by id', [shop.shopId]),
  };
}

/** As if it had been sent. */
async function send(to: string): Promise<void> {
  await sql(
    "update notification set state = 'SENT', form = 'SINGLE', closed_at = now(), sent_at = now(), address = ?, subject = 'Low', text = 'Buy bread' where shop_id = ?",
    [to, shop.shopId],
  );
}

describe('an export', () => {
  test('has all that the shop keeps of whoever has the address, and no secret', async () => {
    await send(address());
    const { data, userErrors: refused } = await exportOf(` ${address().toUpperCase()} `);
    expect(refused).toEqual([]);
    const read = JSON.parse(data ?? '') as { notifications: object[] };
    expect(read).toMatchObject({
      shop: `SHOP${String(opened)} shop`,
      notifications: [
        {
          name: `SHOP${String(opened)} person`,
          email: address(),
          subscriptions: [{ channel: 'EMAIL' }, { channel: 'EMAIL' }, { channel: 'EMAIL' }],
          messages: [{ address: address(), subject: 'Low', text: 'Buy bread', state: 'SENT' }],
        },
      ],
    });
    const [row] = await sql<{ secret: string }>(
      "select encode(link_secret, 'hex') as secret from notification_recipient where shop_id = ?",
      [shop.shopId],
    );
    expect(data).not.toContain(row?.secret);
  });

  test('of who has an address now has nothing of what was sent to another before', async () => {
    await send('before@example.co.za');
    const { data } = await exportOf(address());
    expect(data).not.toContain('before@example.co.za');
    expect(JSON.parse(data ?? '')).toMatchObject({ notifications: [{ email: address(), messages: [] }] });
  });

  test('finds nobody who is not there, and nothing of another shop', async () => {
    const none = { data: null, userErrors: userErrors('NOT_FOUND') };
    expect(await exportOf('nobody@example.co.za')).toEqual(none);
    expect(await exportOf('other@example.co.za')).toEqual(none);
    expect(await exportOf('082 123 4567')).toEqual(none);
    expect(await exportOf('neither')).toEqual({ data: null, userErrors: userErrors('INVALID') });
  });
});

describe('an erasure', () => {
  test('leaves no word of the person in any table, and the ledger as it was', async () => {
    await send(address());
    expect(await tablesWith(address())).toEqual(['notification', 'notification_recipient']);
    const before = await ledger();
    expect(await erase(address())).toEqual({ erased: 1, userErrors: [] });
    expect(await tablesWith(address())).toEqual([]);
    expect(await tablesWith(`SHOP${String(opened)} person`)).toEqual([]);
    expect(await ledger()).toEqual(before);
    expect(await sql('select notifies from shop where id = ?', [shop.shopId])).toEqual([{ notifies: false }]);
    expect(await erase(address())).toEqual({ erased: 0, userErrors: userErrors('NOT_FOUND') });
  });

  test('of an address that somebody had once takes what was sent there, and leaves who is reached elsewhere now', async () => {
    await send('once@example.co.za');
    expect(await erase('once@example.co.za')).toEqual({ erased: 1, userErrors: [] });
    expect(await tablesWith('once@example.co.za')).toEqual([]);
    expect(await tablesWith(address())).toEqual(['notification_recipient']);
  });

  test('of what another shop keeps is none', async () => {
    const count = () => sql("select count(*)::int as count from notification_recipient where email = 'other@example.co.za'");
    expect(await erase('other@example.co.za')).toEqual({ erased: 0, userErrors: userErrors('NOT_FOUND') });
    expect(await count()).toEqual([{ count: 1 }]);
    expect(other.shopId).not.toBe(shop.shopId);
  });
});

test('who may only forget voids no invitation of one who may do more', async () => {
  const invited = 'future-owner@example.co.za';
  const INVITE = 'mutation ($email: String!) { memberInvite(input: { email: $email, role: OWNER }) { userErrors { code } } }';
  await owner(INVITE, { email: invited });
  const { apiKeyCreate } = await owner<{ apiKeyCreate: { secret: string } }>(
    'mutation { apiKeyCreate(input: { name: "Privacy only", role: OWNER, permissions: [PRIVACY] }) { secret } }',
  );
  const narrow = appClient(app, apiKeyCreate.secret);
  expect(await erase(invited, narrow)).toEqual({ erased: 0, userErrors: userErrors('INVALID') });
  expect(await tablesWith(invited)).toEqual(['invitation']);
  await sql('update invitation set revoked_at = now() where email = ?', [invited]);
  expect(await erase(invited, narrow)).toEqual({ erased: 1, userErrors: [] });
  expect(await tablesWith(invited)).toEqual([]);
});

test('the audit log says what was handed out and forgotten, of whom by his id alone', async () => {
  await exportOf(address());
  await erase(address());
  const { auditEntries } = await owner<{ auditEntries: { nodes: object[] } }>(
    '{ auditEntries(first: 2) { nodes { operation action subjectType subject } } }',
  );
  const subject = { subjectType: 'NotificationRecipient', subject: shop.ids.NotificationRecipient };
  expect(auditEntries.nodes).toEqual([
    { operation: 'personalDataErase', action: 'ERASED', ...subject },
    { operation: 'personalDataExport', action: 'EXPORTED', ...subject },
  ]);
  expect(parseGlobalId(shop.ids.NotificationRecipient ?? '')?.type).toBe('NotificationRecipient');
});
