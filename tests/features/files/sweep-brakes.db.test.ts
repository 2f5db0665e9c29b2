import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { createFileStore } from '../../../src/adapters/files/create-file-store.js';
import { MAX_ORPHANS, ORPHAN_KEEP_MS, type SweepAlarm } from '../../../src/features/files/file-sweep.js';
import { FileSweep, StoreOwner, type FileStore } from '../../../src/features/files/index.js';
import { newObjectKey } from '../../../src/features/files/object-key.js';
import { MARKER_KEY } from '../../../src/features/files/store-owner.js';
import { newId } from '../../../src/kernel/ids.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop } from '../../support/shop-fixture.js';

const HOUR_MS = 3_600_000;
/** When what no row names may go. */
const LATER_MS = ORPHAN_KEEP_MS + HOUR_MS;
const NOTHING = { overdue: 0, orphans: 0, missing: 0, found: 0 };

let database: TestDatabase;
let work: UnitOfWork;
let shop: Awaited<ReturnType<typeof createShop>>;
beforeAll(async () => {
  database = await createTestDatabase();
  work = new UnitOfWork(database.orm.em, {});
  shop = await createShop(database.orm.em);
});
afterEach(async () => {
  await sql('delete from stored_file');
  await sql('update file_store set database_id = gen_random_uuid()');
});
afterAll(() => database.drop());

const sql = (statement: string): Promise<Record<string, unknown>[]> => database.orm.em.fork().execute(statement);
const newKey = (): string => newObjectKey({ shopId: shop.actor.shopId, id: newId() });

function newStore(): FileStore {
  const folder = mkdtempSync(join(inject('scratchDir'), 'files-'));
  return createFileStore({ s3: undefined, folder, urlSecret: undefined, publicUrl: undefined }).store;
}

async function write(store: FileStore, keys: readonly string[]): Promise<void> {
  for (const key of keys) await store.write(key, Readable.from([Buffer.from('x')]), { sizeBytes: 1, contentType: 'text/plain' });
}

/** A file that is ready, with its object. */
async function keep(store: FileStore, slot: number): Promise<string> {
  const id = newId();
  const { shopId, actorId } = shop.actor;
  const key = newObjectKey({ shopId, id });
  await sql(`insert into stored_file (shop_id, id, stock_item_id, slot, kind, name, content_type, size_bytes, object_key, actor_id, created_at, expires_at, ready_at)
    values ('${shopId}', '${id}', '${shop.items[0]?.id ?? ''}', ${String(slot)}, 'ATTACHMENT', 'x', 'text/plain', 1, '${key}', '${actorId}', now(), now(), now())`);
  await write(store, [key]);
  return key;
}

async function keysIn(store: FileStore): Promise<string[]> {
  return (await store.list({ prefix: 'files/', after: undefined, limit: 1000 })).map(({ key }) => key);
}

async function sweep(store: FileStore, pageSize = 500, afterMs = LATER_MS) {
  const alarms: SweepAlarm[] = [];
  const clock = { now: () => new Date(Date.now() + afterMs) };
  const owner = new StoreOwner(store, work);
  const alarm = (what: SweepAlarm) => void alarms.push(what);
  const counts = await new FileSweep({ store, work, clock, owner, alarm, report: () => undefined, pageSize }).run(
    new AbortController().signal,
  );
  return { counts, alarms };
}

test('the store of another database is left as it is, and is cleaned up again by its own', async () => {
  const store = newStore();
  expect(await sweep(store)).toEqual({ counts: NOTHING, alarms: [] });
  const orphan = newKey();
  await write(store, [orphan]);
  const [mine] = await sql('select database_id from file_store');
  await sql('update file_store set database_id = gen_random_uuid()');
  const { counts, alarms } = await sweep(store);
  expect(counts).toEqual(NOTHING);
  expect(alarms).toMatchObject([{ why: 'ANOTHER_DATABASE', marker: mine?.database_id, markerKey: MARKER_KEY }]);
  expect(await keysIn(store)).toEqual([orphan]);
  await sql(`update file_store set database_id = '${String(mine?.database_id)}'`);
  expect((await sweep(store)).counts.orphans).toBe(1);
});

test('a store without a marker is taken where nothing of ours lies in it, and only there', async () => {
  const [used, foreign] = [newStore(), newStore()];
  await write(used, [newKey()]);
  await write(foreign, ['files/somebody', 'else']);
  expect((await sweep(used)).alarms).toMatchObject([{ why: 'ANOTHER_DATABASE', marker: '' }]);
  expect(await keysIn(used)).toHaveLength(1);
  expect(await used.head(MARKER_KEY)).toBeUndefined();
  expect((await sweep(foreign)).alarms).toEqual([]);
  const marker = await foreign.read(MARKER_KEY);
  expect([{ database_id: marker && (await text(marker)) }]).toEqual(await sql('select database_id from file_store'));
});

test('where too much would go nothing goes: the database is an older one', async () => {
  const store = newStore();
  await sweep(store);
  const kept = await keep(store, 1);
  const lost = Array.from({ length: MAX_ORPHANS + 1 }, newKey);
  await write(store, lost);
  const { counts, alarms } = await sweep(store);
  expect(counts).toEqual(NOTHING);
  expect(alarms).toEqual([{ why: 'TOO_MANY_ORPHANS', orphans: lost.length, objects: lost.length + 1, firstKey: lost[0] }]);
  expect(await keysIn(store)).toEqual([kept, ...lost]);
  await store.remove(lost[0] ?? '');
  expect(await sweep(store)).toMatchObject({ counts: { orphans: MAX_ORPHANS }, alarms: [] });
});

test('in a small store what the database does not know stays for a week: it may have been restored from too old a copy', async () => {
  const store = newStore();
  await sweep(store);
  const unknown = Array.from({ length: 3 }, newKey);
  await write(store, unknown);
  expect(await sweep(store, 500, ORPHAN_KEEP_MS - HOUR_MS)).toEqual({ counts: NOTHING, alarms: [] });
  expect(await keysIn(store)).toEqual(unknown);
  expect((await sweep(store)).counts.orphans).toBe(unknown.length);
});

test.each([1, 2, 3])("somebody else's objects between ours end no page of %d: what is whole stays so", async (pageSize) => {
  const store = newStore();
  await sweep(store);
  const kept = [await keep(store, 1), await keep(store, 2), await keep(store, 3)];
  await write(store, ['files/0', ...kept.map((key) => `${key}-copy`), `files/${shop.actor.shopId}/z`, 'files/z']);
  expect(await sweep(store, pageSize)).toEqual({ counts: NOTHING, alarms: [] });
  expect(await sql('select missing_at from stored_file where missing_at is not null')).toEqual([]);
});
