import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PERSONAL_DATA } from '../../../src/app/personal-data.js';
import { PrivacyService } from '../../../src/features/privacy/index.js';
import { MovementService, STOCK_REFUSALS } from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { fromOrigin } from '../../../src/platform/request-origin.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { outcome } from '../access/access-fixture.js';

let database: TestDatabase;
let work: UnitOfWork;
let privacy: PrivacyService;
let shop: ShopFixture;
let person: { id: string; email: string };
let memberId: string;
let people = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  work = new UnitOfWork(database.orm.em, STOCK_REFUSALS);
  privacy = new PrivacyService(work, systemClock, PERSONAL_DATA);
});
afterAll(() => database.drop());
beforeEach(async () => {
  shop = await createShop(database.orm.em);
  people += 1;
  person = { id: newId(), email: `thandi${String(people)}@example.co.za` };
  await sql(
    `insert into person (id, email, name, password_hash, created_at, updated_at) values (?, ?, ?, 'a hash', now(), now())`,
    [person.id, person.email, `Thandi ${String(people)}`],
  );
  await sql(
    `insert into person_session (id, person_id, token_hash, created_at, last_used_at, expires_at) values (?, ?, ?, now(), now(), now())`,
    [newId(), person.id, Buffer.from(newId())],
  );
  await sql('insert into person_identity (issuer, subject, person_id, created_at) values (?, ?, ?, now())', [
    'https://id',
    person.id,
    person.id,
  ]);
  await sql('insert into password_reset (person_id, secret_hash, expires_at) values (?, ?, now())', [
    person.id,
    Buffer.from(newId()),
  ]);
  memberId = await join(shop);
});

const sql = <Row extends object>(text: string, parameters: unknown[] = []) =>
  database.orm.em.fork().execute<Row[]>(text, parameters);

async function join(at: ShopFixture, role = 'CLERK'): Promise<string> {
  const id = newId();
  await sql('insert into membership (shop_id, id, person_id, role, created_at) values (?, ?, ?, ?, now())', [
    at.shop.id,
    id,
    person.id,
    role,
  ]);
  await sql(
    `insert into invitation (shop_id, id, email, role, invited_by, created_at, expires_at, accepted_at) values (?, ?, ?, ?, ?, now(), now(), now())`,
    [at.shop.id, newId(), person.email, role, at.actor.actorId],
  );
  return id;
}

/** The member receives five, from an address that the audit log keeps. */
async function act(): Promise<void> {
  const key = { scope: 'STOCK', key: newId() } as const;
  const actor = { ...shop.actor, actorId: memberId, kind: 'PERSON' as const };
  await new MovementService(work, systemClock).postOne(actor, {
    ...{ type: 'MOVE', kind: 'RECEIPT', key, item: { id: shop.items[0]?.id }, quantity: quantity('5') },
  });
  await sql(
    `insert into audit_entry (shop_id, id, at, action, subject_type, actor_id, address, request_id) values (?, ?, now(), 'UPDATED', 'Shop', ?, '196.1.2.3', 'r')`,
    [shop.shop.id, newId(), memberId],
  );
}

/** Somebody else, who owns the shop too. */
async function addOwner(): Promise<void> {
  const id = newId();
  await sql(`insert into person (id, email, name, created_at, updated_at) values (?, ?, 'Owner', now(), now())`, [
    id,
    `${id}@example.co.za`,
  ]);
  await sql(`insert into membership (shop_id, id, person_id, role, created_at) values (?, ?, ?, 'OWNER', now())`, [
    shop.shop.id,
    newId(),
    id,
  ]);
}

/** Tables in which any row holds the text. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    if ((await sql(`select 1 from "${name}" t where position(lower(?) in lower(t::text)) > 0`, [text])).length > 0)
      found.push(name);
  }
  return found;
}
const ledger = () => sql('select * from stock_movement where shop_id = ? order by seq', [shop.shop.id]);
const ACCOUNT = ['password_reset', 'person', 'person_identity', 'person_session'];

describe('what a shop keeps of a member', () => {
  test('is handed out by its owner, without anything of other shops and without secrets', async () => {
    const elsewhere = await createShop(database.orm.em);
    await join(elsewhere, 'MANAGER');
    const text = await privacy.export(shop.actor, person.email.toUpperCase());
    expect(JSON.parse(text)).toMatchObject({
      shop: 'Test shop',
      people: [
        { name: `Thandi ${String(people)}`, email: person.email, role: 'CLERK', endedAt: null },
        { email: person.email, role: 'CLERK' },
      ],
    });
    expect(text).not.toMatch(/MANAGER|hash|session|identit/i);
  });

  test('is forgotten by its owner: the ledger stays, the name behind it goes', async () => {
    await act();
    const before = await ledger();
    expect(await privacy.erase(shop.actor, person.email)).toBe(2);
    expect(await ledger()).toEqual(before);
    expect(before).toMatchObject([{ actor_id: memberId }]);
    expect(await sql('select name from principal where id = ?', [memberId])).toEqual([{ name: '(forgotten)' }]);
    expect(await sql('select address, request_id from audit_entry where actor_id = ?', [memberId])).toEqual([
      { address: null, request_id: null },
    ]);
    for (const text of [person.email, person.id, `Thandi ${String(people)}`])
      expect([text, await tablesWith(text)]).toEqual([text, []]);
    const said = await sql(
      'select action, subject_type, subject_id from audit_entry where shop_id = ? and actor_id = ? order by id',
      [shop.shop.id, shop.actor.actorId],
    );
    expect(said).toEqual([
      { action: 'ERASED', subject_type: 'Membership', subject_id: memberId },
      { action: 'ERASED', subject_type: 'Invitation', subject_id: expect.any(String) as string },
    ]);
  });

  test('is forgotten in that shop alone where he is a member of another', async () => {
    const elsewhere = await createShop(database.orm.em);
    const other = await join(elsewhere);
    await privacy.erase(shop.actor, person.email);
    expect(await sql('select id from membership where person_id = ?', [person.id])).toEqual([{ id: other }]);
    expect(await tablesWith(person.id)).toEqual(['membership', ...ACCOUNT]);
    expect(await outcome(() => privacy.erase(shop.actor, person.email))).toBe('NOT_FOUND address');
  });

  test('stays while he is the last owner: no key is one', async () => {
    await sql("update membership set role = 'OWNER' where id = ?", [memberId]);
    expect(await outcome(() => privacy.erase(shop.actor, person.email))).toBe('IN_USE address');
    expect(await outcome(() => privacy.eraseOwn(person, person.email))).toBe('IN_USE address');
    expect(await tablesWith(person.id)).toEqual(['membership', ...ACCOUNT]);
    expect(await tablesWith(person.email)).toEqual(['invitation', 'person']);
    await addOwner();
    expect(await outcome(() => privacy.erase(shop.actor, person.email))).toBe('done');
  });

  test('is not forgotten by one who may do less: that would be to send him away', async () => {
    await sql("update membership set role = 'OWNER' where id = ?", [memberId]);
    await addOwner();
    const narrow = { ...shop.actor, permissions: new Set(['privacy'] as const) };
    expect(await outcome(() => privacy.erase(narrow, person.email))).toBe('INVALID address');
    expect(await sql('select 1 from membership where id = ?', [memberId])).toHaveLength(1);
    await sql('update membership set ended_at = now() where id = ?', [memberId]);
    expect(await outcome(() => privacy.erase(narrow, person.email))).toBe('done');
  });

  test('takes the invitations along that he has made: he may hold their secrets', async () => {
    const mine = newId();
    await sql(
      `insert into invitation (shop_id, id, email, role, invited_by, secret_hash, created_at, expires_at) values (?, ?, 'next@example.co.za', 'OWNER', ?, ?, now(), now() + interval '1 day')`,
      [shop.shop.id, mine, memberId, Buffer.from(newId())],
    );
    await privacy.erase(shop.actor, person.email);
    expect(await sql('select revoked_at is not null as revoked from invitation where id = ?', [mine])).toEqual([
      { revoked: true },
    ]);
  });

  test('goes from what webhooks still have to tell, and have told', async () => {
    await act();
    const [movement] = await ledger();
    const endpoint = newId();
    await sql(
      `insert into webhook_endpoint (shop_id, id, url, kinds, enabled, secret, last_sequence, created_at, updated_at)
       values (?, ?, 'https://hooks.example.com', '{movement}', true, 'whsec_x', 3, now(), now())`,
      [shop.shop.id, endpoint],
    );
    const name = `Thandi ${String(people)}`;
    const told = async (type: string, event: string, sequence: number, actor: string | null) =>
      sql(
        `insert into webhook_delivery (shop_id, id, endpoint_id, event_type, event_id, sequence, body, state, attempts, failures, tries_from, next_try_at, created_at)
         values (?, ?, ?, ?, ?, ?, ?, 'PENDING', 0, 0, now(), now(), now())`,
        [shop.shop.id, newId(), endpoint, type, event, sequence, JSON.stringify({ type, data: { actor, reason: 'r' } })],
      );
    await told('stock.movement.recorded', (movement as { id: string }).id, 1, name);
    await told('webhook.ping', newId(), 2, name);
    await told('stock.movement.recorded', newId(), 3, 'Till 2');
    await privacy.erase(shop.actor, person.email);
    expect(await tablesWith(name)).toEqual([]);
    const bodies = await sql<{ body: string }>('select body from webhook_delivery where endpoint_id = ? order by sequence', [
      endpoint,
    ]);
    expect(bodies.map(({ body }) => (JSON.parse(body) as { data: { actor: string } }).data.actor)).toEqual([
      '(forgotten)',
      '(forgotten)',
      'Till 2',
    ]);
  });
});

describe('oneself', () => {
  test('is handed the account and what each shop keeps', async () => {
    const elsewhere = await createShop(database.orm.em);
    await join(elsewhere, 'MANAGER');
    const read = JSON.parse(await privacy.exportOwn(person)) as { shops: object[] };
    expect(read).toMatchObject({
      account: { email: person.email, identities: [{ issuer: 'https://id', subject: person.id }], sessions: [{}] },
    });
    expect(read.shops).toHaveLength(2);
    expect(JSON.stringify(read)).not.toContain('a hash');
    expect(await sql("select actor_id from audit_entry where shop_id = ? and action = 'EXPORTED'", [shop.shop.id])).toEqual(
      Array.from({ length: 2 }, () => ({ actor_id: memberId })),
    );
  });

  test('is forgotten everywhere, once it is confirmed', async () => {
    const elsewhere = await createShop(database.orm.em);
    await join(elsewhere, 'MANAGER');
    await act();
    const before = await ledger();
    expect(await outcome(() => privacy.eraseOwn(person, 'somebody@example.co.za'))).toBe('INVALID email');
    const origin = { operation: 'myDataErase', address: '196.1.2.4', requestId: 'request-1' };
    expect(await fromOrigin(origin, () => privacy.eraseOwn(person, ` ${person.email.toUpperCase()}`))).toBe(5);
    expect(await sql('select distinct address, request_id from audit_entry where actor_id = ?', [memberId])).toEqual([
      { address: null, request_id: null },
    ]);
    for (const text of [person.email, person.id, `Thandi ${String(people)}`])
      expect([text, await tablesWith(text)]).toEqual([text, []]);
    expect(await ledger()).toEqual(before);
  });
});
