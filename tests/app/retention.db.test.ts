import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { retentionRules } from '../../src/app/retention.js';
import { loadConfig } from '../../src/config/config.js';
import { lowestIdAt, newId } from '../../src/kernel/ids.js';
import { retentionTask, type RetentionRule } from '../../src/platform/retention.js';
import { UnitOfWork } from '../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
const SIGNAL = new AbortController().signal;
const JOB = { id: 'job', shopId: null, payload: {}, attempt: 1, createdAt: NOW };
const clock = { now: () => NOW };

let database: TestDatabase;
let work: UnitOfWork;
let shop: ShopFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  work = new UnitOfWork(database.orm.em, {});
});
afterAll(() => database.drop());
beforeEach(async () => {
  await sql('delete from parked_scan');
  await sql('delete from product_lookup');
  shop = await createShop(database.orm.em);
});

const sql = <Row extends object>(text: string, parameters: unknown[] = []) =>
  database.orm.em.fork().execute<Row[]>(text, parameters);
const rules = (env: Record<string, string> = {}) => retentionRules(loadConfig(env).retention);
const sweep = (swept: readonly RetentionRule[], batch = 2) => retentionTask({ work, clock }, swept, batch).run(JOB, SIGNAL);

async function park(name: string, { at, resolvedAt }: { at: Date; resolvedAt: Date | null }): Promise<void> {
  await sql(
    `insert into parked_scan (shop_id, id, device, scan_id, code, normalized, mode, location_id, actor_id, input_hash, scanned_at, created_at, resolved_at)
     values (?, ?, 'till', ?, 'X', 'X', 'SALE', ?, ?, 'x', ?, ?, ?)`,
    [shop.shop.id, newId(), name, shop.locations[0]?.id, shop.actor.actorId, at, at, resolvedAt],
  );
}
const parked = async () =>
  (await sql<{ scan_id: string }>('select scan_id from parked_scan order by scan_id')).map((row) => row.scan_id);

async function note(at: Date): Promise<string> {
  const id = lowestIdAt(at).slice(0, -12) + newId().slice(-12);
  await sql(
    `insert into audit_entry (shop_id, id, at, action, subject_type, address, request_id) values (?, ?, ?, 'CREATED', 'Shop', '::1', 'r')`,
    [shop.shop.id, id, at],
  );
  return id;
}

async function learn(gtin: string, expiresAt: Date): Promise<void> {
  await sql('insert into product_lookup (shop_id, gtin, looked_up_at, expires_at) values (?, ?, ?, ?)', [
    shop.shop.id,
    gtin,
    expiresAt,
    expiresAt,
  ]);
}

describe('what is kept for a time only is forgotten when that is over, in batches, and nothing else', () => {
  test('addresses in the audit log: the entries stay', async () => {
    const old = [await note(daysAgo(91)), await note(daysAgo(92)), await note(daysAgo(93))];
    const young = await note(daysAgo(89));
    await sweep(rules());
    const rows = await sql<{ id: string; address: string | null; request_id: string | null }>(
      'select id, address, request_id from audit_entry where shop_id = ? order by id',
      [shop.shop.id],
    );
    expect(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [...old.map((id) => ({ id, address: null, request_id: null })), { id: young, address: '::1', request_id: 'r' }].toSorted(
        (a, b) => (a.id < b.id ? -1 : 1),
      ),
    );
  });

  test('scans whose code was named; those that wait only where the operator says so', async () => {
    for (const name of ['a', 'b', 'c']) await park(name, { at: daysAgo(400), resolvedAt: daysAgo(91) });
    await park('named lately', { at: daysAgo(400), resolvedAt: daysAgo(89) });
    await park('waits for long', { at: daysAgo(400), resolvedAt: null });
    await park('waits', { at: daysAgo(10), resolvedAt: null });
    await sweep(rules());
    expect(await parked()).toEqual(['named lately', 'waits', 'waits for long']);
    await sweep(rules({ RETAIN_WAITING_SCANS_DAYS: '365' }));
    expect(await parked()).toEqual(['named lately', 'waits']);
  });

  test('what was learnt of codes', async () => {
    await learn('00000000000017', daysAgo(181));
    await learn('00000000000024', daysAgo(179));
    await sweep(rules());
    expect(await sql('select gtin from product_lookup')).toEqual([{ gtin: '00000000000024' }]);
  });

  test('sessions and invitations that have ended', async () => {
    const [personId, kept] = [newId(), new Set<string>()];
    await sql("insert into person (id, email, name, created_at, updated_at) values (?, ?, 'Thandi', now(), now())", [
      personId,
      `${personId}@example.co.za`,
    ]);
    for (const days of [29, 31]) {
      const [sessionId, invitationIds] = [newId(), [newId(), newId(), newId()]];
      await sql(
        'insert into person_session (id, person_id, token_hash, created_at, last_used_at, expires_at) values (?, ?, ?, now(), now(), ?)',
        [sessionId, personId, Buffer.from(sessionId), daysAgo(days)],
      );
      for (const [index, id] of invitationIds.entries()) {
        const [accepted, revoked] = [index === 1 ? daysAgo(days) : null, index === 2 ? daysAgo(days) : null];
        await sql(
          `insert into invitation (shop_id, id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at)
           values (?, ?, ?, 'CLERK', ?, now(), ?, ?, ?)`,
          [shop.shop.id, id, `${id}@example.co.za`, shop.actor.actorId, daysAgo(index === 0 ? days : 300), accepted, revoked],
        );
      }
      if (days === 29) for (const id of [sessionId, ...invitationIds]) kept.add(id);
    }
    await sweep(rules());
    const left = await sql<{ id: string }>(
      'select id from person_session where person_id = ? union all select id from invitation where shop_id = ?',
      [personId, shop.shop.id],
    );
    expect(new Set(left.map(({ id }) => id))).toEqual(kept);
  });

  test('nothing with 0: it is kept for ever', async () => {
    await park('named', { at: daysAgo(30_000), resolvedAt: daysAgo(30_000) });
    await learn('00000000000017', daysAgo(30_000));
    const id = await note(daysAgo(10_000));
    const never = ['ADDRESSES', 'SCANS', 'LOOKUPS', 'SESSIONS', 'INVITATIONS'].map((name) => [`RETAIN_${name}_DAYS`, '0']);
    await sweep(rules(Object.fromEntries(never) as Record<string, string>));
    expect(await parked()).toEqual(['named']);
    expect(await sql('select gtin from product_lookup')).toHaveLength(1);
    expect(await sql('select address from audit_entry where id = ?', [id])).toEqual([{ address: '::1' }]);
  });
});

test('a rule that fails does not keep the others from what is theirs, and is told', async () => {
  await park('named', { at: daysAgo(400), resolvedAt: daysAgo(400) });
  const failing = { keptMs: 1, forget: () => Promise.reject(new Error('no')) };
  await expect(sweep([failing, ...rules()])).rejects.toThrow('Not all that is old was forgotten.');
  expect(await parked()).toEqual([]);
});

test('what is old is found by an index', async () => {
  const plans = await database.orm.em.fork().transactional(async (em) => {
    await em.execute('set local enable_seqscan = off');
    return [
      await em.execute('explain select 1 from parked_scan where resolved_at < now() order by resolved_at limit 2'),
      await em.execute('explain select 1 from product_lookup where expires_at < now() order by expires_at limit 2'),
      await em.execute(`explain select 1 from audit_entry where id < gen_random_uuid() and (address is not null or request_id is not null)
        order by id limit 2`),
    ];
  });
  const named = ['parked_scan_resolved_index', 'product_lookup_expires_index', 'audit_entry_address_index'];
  for (const [index, name] of named.entries()) expect(JSON.stringify(plans[index])).toContain(name);
});
