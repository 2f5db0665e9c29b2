import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ORPHAN_KEEP_MS } from '../../../src/features/files/file-sweep.js';
import { FileSweep, StoreOwner, type FileStore } from '../../../src/features/files/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { S3 } from '../../support/s3-server.js';
import { FilesApp, FilesShop, put } from './files-app.js';
import { PDF, photo } from './samples.js';

const HOUR_MS = 3_600_000;
const LATER_MS = ORPHAN_KEEP_MS + HOUR_MS;
const TYPE = { contentType: 'text/plain' };
const TEXT = Buffer.from('text');

/** The store as it is while nobody answers there. */
const down = (): Promise<never> => Promise.reject(new Error('the store is down'));

describe.each([
  ['the disk', 'disk'],
  [S3, 'S3'],
] as const)('files on %s', (_, place) => {
  let files: FilesApp;
  let shop: FilesShop;
  let store: FileStore;
  beforeAll(async () => {
    files = await FilesApp.open(place);
    ({ store } = files);
  });
  beforeEach(async () => {
    shop = await FilesShop.open(files.app);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await files.database.orm.em.fork().execute('delete from stored_file; delete from outbox_job where shop_id is not null');
    for (const key of await files.objects()) await store.remove(key);
  });
  afterAll(() => files.close());

  const sql = (text: string): Promise<Record<string, unknown>[]> => files.database.orm.em.fork().execute(text);
  const newKey = (): string => `files/${shop.shopId}/${newId()}/${'a'.repeat(32)}`;

  /** A sweep as it finds things then. */
  function sweep(afterMs = 0, pageSize?: number) {
    const clock = { now: () => new Date(Date.now() + afterMs) };
    const sweeping = new FileSweep({
      store,
      work: files.app.services.work,
      clock,
      report: () => undefined,
      alarm: () => undefined,
      owner: new StoreOwner(store, files.app.services.work),
      ...(pageSize && { pageSize }),
    });
    return sweeping.run(new AbortController().signal);
  }

  test('objects go after the commit that forgets them, not before, and no later than the store answers', async () => {
    const file = await shop.kept(await photo(), { kind: 'PHOTO', contentType: 'image/jpeg' });
    await files.app.outbox.drain();
    const objects = await files.objects();
    expect(objects).toHaveLength(2);
    vi.spyOn(store, 'remove').mockImplementation(down);
    expect((await shop.delete(file.id)).deletedId).toBe(file.id);
    expect([await files.rows(), await files.objects()]).toEqual([[], objects]);
    expect(await shop.files()).toEqual({ photoUrl: null, files: [] });
    await files.app.outbox.drain();
    expect(await files.objects()).toEqual(objects);
    vi.restoreAllMocks();
    await sql("update outbox_job set run_at = now() where task = 'file.remove'");
    await files.app.outbox.drain();
    expect(await files.objects()).toEqual([]);
  });

  test('a removal that was given up is found by the sweep', async () => {
    const file = await shop.kept(PDF, { contentType: 'application/pdf' });
    await shop.delete(file.id);
    await sql("delete from outbox_job where task = 'file.remove'");
    expect(await sweep()).toMatchObject({ orphans: 0 });
    expect(await files.objects()).toHaveLength(2);
    expect(await sweep(LATER_MS)).toMatchObject({ orphans: 2, overdue: 0 });
    expect(await files.objects()).toEqual([]);
  });

  test('a sweep leaves alone what is in use, what is on its way, and what is not ours', async () => {
    await shop.kept(await photo(), { kind: 'PHOTO', contentType: 'image/jpeg' });
    await files.app.outbox.drain();
    const begun = await shop.granted(TEXT, TYPE);
    await put(begun, TEXT);
    await store.write('files/readme', TEXT, { sizeBytes: 4, ...TYPE });
    await store.write('backups/of-somebody', TEXT, { sizeBytes: 4, ...TYPE });
    const before = await files.objects();
    expect(before).toHaveLength(5);
    // Before the upload's time is over.
    expect(await sweep(HOUR_MS / 2)).toEqual({ overdue: 0, orphans: 0, missing: 0, found: 0 });
    expect(await files.objects()).toEqual(before);
    expect((await shop.complete(begun.id)).userErrors).toEqual([]);
  });

  test('an upload that nobody completes goes, with what was put', async () => {
    const [put1, waiting] = [await shop.granted(TEXT, TYPE), await shop.granted(TEXT, TYPE)];
    await put(put1, TEXT);
    await sweep(2 * HOUR_MS);
    await files.app.outbox.drain();
    expect([await files.rows(), await files.objects()]).toEqual([[], []]);
    if (place === 'disk') expect(await put(waiting, TEXT)).toBe(409);
  });

  test('a process that died while it looked at an upload leaves nothing for ever', async () => {
    const granted = await shop.granted(TEXT, TYPE);
    await put(granted, TEXT);
    // Some of its objects are written, the row has their keys, and nobody goes on.
    const [object, again] = [newKey(), newKey()].map((key) => key.replace(/\/[^/]+\/a/, `/${newId()}/a`));
    await sql(`update stored_file set claimed_at = now(), object_key = '${object ?? ''}'`);
    await store.write(object ?? '', TEXT, { sizeBytes: 4, ...TYPE });
    expect((await shop.complete(granted.id)).userErrors).toMatchObject([{ code: 'IN_USE', path: ['id'] }]);
    await sql("update stored_file set claimed_at = now() - interval '11 minutes'");
    const { file } = await shop.complete(granted.id);
    await files.app.outbox.drain();
    expect(await (await fetch(file?.url ?? '')).text()).toBe('text');
    expect(await files.objects()).toHaveLength(1);
    expect(await files.objects()).not.toContain(again);
  });

  test('a file that the store lost is shown without a URL until it is there again', async () => {
    const file = await shop.kept(await photo(), { kind: 'PHOTO', contentType: 'image/jpeg' });
    await files.app.outbox.drain();
    const [row] = await files.rows();
    const key = String(row?.object_key);
    await store.remove(key);
    expect(await sweep()).toMatchObject({ missing: 0 });
    expect(await sweep(HOUR_MS)).toMatchObject({ missing: 1, orphans: 0 });
    expect(await shop.files()).toMatchObject({ photoUrl: null, files: [{ id: file.id, url: null, thumbnailUrl: null }] });
    await store.write(key, TEXT, { sizeBytes: 4, contentType: 'image/jpeg' });
    expect(await sweep(HOUR_MS)).toMatchObject({ found: 1, missing: 0 });
    expect((await shop.files()).photoUrl).toBe(file.thumbnailUrl);
  });

  test('a sweep goes through more than a page, in which every file is whole', async () => {
    const kept = await shop.kept(await photo(), { kind: 'PHOTO', contentType: 'image/jpeg' });
    await files.app.outbox.drain();
    const mine = await files.objects();
    const orphans = Array.from({ length: 5 }, newKey);
    for (const key of orphans) await store.write(key, TEXT, { sizeBytes: 4, ...TYPE });
    // Pages of three, where the program asks for hundreds: a fault in how they are joined shows at their edges.
    expect(await sweep(LATER_MS, 3)).toMatchObject({ orphans: 5, missing: 0 });
    expect(await files.objects()).toEqual(mine);
    expect((await shop.files()).files[0]?.url).toBe(kept.url);
  });

  test('an item has at most twenty files, also where two want to be the last', async () => {
    for (let index = 0; index < 19; index += 1) await shop.granted(TEXT, TYPE);
    const last = await Promise.all([shop.start(TEXT, TYPE), shop.start(TEXT, TYPE), shop.start(TEXT, TYPE)]);
    expect(last.filter(({ upload }) => upload)).toHaveLength(1);
    expect(last.flatMap(({ userErrors }) => userErrors)).toMatchObject(Array(2).fill({ code: 'INVALID', path: ['stockItem'] }));
    const id = String((await sql('select id from stored_file limit 1'))[0]?.id);
    await expect(sql(`update stored_file set slot = 21 where id = '${id}'`)).rejects.toThrow(/stored_file_slot_check/);
    await expect(
      sql(`update stored_file set slot = (select slot from stored_file where id <> '${id}' limit 1) where id = '${id}'`),
    ).rejects.toThrow(/stored_file_slot_unique/);
  });

  test('of two that complete one upload at once nothing is left twice', async () => {
    const granted = await shop.granted(TEXT, TYPE);
    await put(granted, TEXT);
    const both = await Promise.all([shop.complete(granted.id), shop.complete(granted.id)]);
    const refusals = both.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(refusals.every((code) => code === 'IN_USE')).toBe(true);
    expect(refusals.length).toBeLessThan(2);
    await files.app.outbox.drain();
    expect(await files.objects()).toHaveLength(1);
  });

  test('what is deleted while it is looked at is gone in the end', async () => {
    const granted = await shop.granted(TEXT, TYPE);
    await put(granted, TEXT);
    const head = store.head.bind(store);
    vi.spyOn(store, 'head').mockImplementationOnce(async (key) => {
      expect((await shop.delete(granted.id)).deletedId).toBe(granted.id);
      await files.app.outbox.drain();
      await store.write(key, TEXT, { sizeBytes: 4, ...TYPE });
      return head(key);
    });
    expect((await shop.complete(granted.id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    await files.app.outbox.drain();
    expect([await files.rows(), await files.objects()]).toEqual([[], []]);
  });
});
