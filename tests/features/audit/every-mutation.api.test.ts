import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { ALL_CASES, mutationNames } from '../../cache/all-cases.js';
import { askApp } from '../../cache/ask.js';
import { operationOf, refusalsIn } from '../../cache/mutation-case.js';
import { makeWorld } from '../../cache/world.js';
import { createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** What these do the ledger records, or the scans that wait; a picture that is looked at changes nothing. */
const RECORDED_ELSEWHERE = [
  'barcodeDecode',
  'scan',
  'scanBatch',
  'stockAdjust',
  'stockCount',
  'stockIssue',
  'stockMovementReverse',
  'stockPost',
  'stockReceive',
  'stockTransfer',
];
/** What has to be done to a world so that these change anything in it. */
const MADE_READY: Readonly<Record<string, string>> = {
  webhookDeliveriesReplay: "update webhook_delivery set state = 'DEAD', ended_at = now(), next_try_at = null where shop_id = ?",
  notificationAddressResume:
    "update notification_recipient set email_paused_at = now(), email_paused_reason = 'no such mailbox' where shop_id = ?",
};

interface Entry {
  readonly operation: string;
  readonly action: string;
  readonly actor: string;
  readonly address: string;
  readonly requestId: string;
}

const ENTRIES = '{ auditEntries(first: 100) { nodes { operation action actor address requestId } } }';

let database: TestDatabase;
let app: App;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** What the log says of a mutation that was sent to a world of its own. */
async function entriesOf(each: (typeof ALL_CASES)[number]): Promise<Entry[]> {
  const world = await makeWorld(app, each.places);
  const ready = MADE_READY[each.mutation];
  if (ready !== undefined) await database.orm.em.fork().execute(ready, [world.shopId]);
  const ask = askApp(app);
  const reply = await ask(world.owner, operationOf(each, world));
  expect(refusalsIn(reply)).toHaveLength(each.refusals ?? 0);
  const { auditEntries } = await ask<{ auditEntries: { nodes: Entry[] } }>(world.owner, ENTRIES);
  return auditEntries.nodes.filter(({ operation }) => operation === each.mutation);
}

test('every mutation of the schema is asked here, or stands in the list of those that are recorded elsewhere', () => {
  const known = new Set(ALL_CASES.map(({ mutation }) => mutation));
  expect(mutationNames().filter((name) => !known.has(name))).toEqual([]);
  expect(RECORDED_ELSEWHERE.filter((name) => !mutationNames().includes(name))).toEqual([]);
});

describe('a mutation that changes what the shop has set up leaves an entry: who, what, from where', () => {
  const told = ALL_CASES.filter(({ mutation, refusals }) => !RECORDED_ELSEWHERE.includes(mutation) && refusals === undefined);
  test.each(told.map((each) => [`${each.mutation}: ${each.what}`, each] as const))('%s', async (_, each) => {
    const entries = await entriesOf(each);
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) expect(entry).toMatchObject({ actor: expect.any(String) as string, address: '127.0.0.1' });
    expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(1);
  });
});

describe('what the ledger records leaves none', () => {
  const silent = ALL_CASES.filter(({ mutation }) => RECORDED_ELSEWHERE.includes(mutation));
  test.each(silent.map((each) => [`${each.mutation}: ${each.what}`, each] as const))('%s', async (_, each) => {
    expect(await entriesOf(each)).toEqual([]);
  });
});
