import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { S3FileStore } from '../../../src/adapters/files/s3-file-store.js';
import { graphqlReply } from '../../support/app.js';
import { FilesApp, FilesShop, put } from './files-app.js';
import { PDF, photo } from './samples.js';

const POLL_MS = 10;
const OTHERS = `mutation {
  stockReceive(input: { key: "k", stockItem: { sku: "BREAD" }, quantity: 5 }) { level { onHand } userErrors { code } }
}`;
const OPEN =
  "select count(*)::int as count from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";

let files: FilesApp;
let shop: FilesShop;
beforeAll(async () => {
  files = await FilesApp.open('S3', { DATABASE_POOL_MAX: '2' });
  shop = await FilesShop.open(files.app);
});
afterAll(() => files.close());

async function untilHeld(count: number): Promise<void> {
  while ((files.s3?.held() ?? 0) < count) await sleep(POLL_MS);
}

test('while the store hangs, uploads wait without a transaction and everybody else goes on', async () => {
  const declared = { kind: 'PHOTO', contentType: 'image/jpeg' } as const;
  const bytes = await photo();
  const granted = await Promise.all(Array.from({ length: 4 }, () => shop.granted(bytes, declared)));
  for (const each of granted) expect(await put(each, new Blob([bytes as Buffer<ArrayBuffer>]))).toBe(200);
  files.s3?.freeze();
  const completing = Promise.all(granted.map(({ id }) => shop.complete(id)));
  // One of a shop at a time; its others wait in line.
  await untilHeld(1);
  const { data } = await graphqlReply(files.app, shop.secret, OTHERS);
  expect(data).toEqual({ stockReceive: { level: { onHand: '5' }, userErrors: [] } });
  expect(await files.database.orm.em.fork().execute(OPEN)).toEqual([{ count: 0 }]);
  // URLs are made without asking anybody.
  expect(await shop.files()).toMatchObject({ photoUrl: null });
  files.s3?.thaw();
  const completed = await completing;
  expect(completed.map(({ userErrors }) => userErrors)).toEqual([[], [], [], []]);
  expect((await shop.files()).files).toHaveLength(4);
});

test('a store that does not answer in time is said to be unavailable, and the upload waits', async () => {
  const limits = { idleTimeoutMs: 100, totalTimeoutMs: 1_000 };
  const { s3, store } = files;
  if (!s3) throw new Error('no S3');
  const impatient = new S3FileStore(s3.settings, () => new Date(), limits);
  const granted = await shop.granted(PDF, { contentType: 'application/pdf' });
  expect(await put(granted, PDF)).toBe(200);
  const head = store.head.bind(store);
  s3.freeze();
  store.head = impatient.head.bind(impatient);
  const query = 'mutation ($id: ID!) { fileUploadComplete(id: $id) { userErrors { code } } }';
  const { errors } = await graphqlReply(files.app, shop.secret, query, { id: granted.id });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE']);
  store.head = head;
  s3.thaw();
  expect((await shop.complete(granted.id)).userErrors).toEqual([]);
  impatient.close();
});

test('a start whose store is down leaves no row behind', async () => {
  const { s3, store } = files;
  if (!s3) throw new Error('no S3');
  const before = await files.rows();
  const presignPut = store.presignPut.bind(store);
  const refused = new S3FileStore({ ...s3.settings, endpoint: 'http://127.0.0.1:1' }, () => new Date());
  store.presignPut = refused.presignPut.bind(refused);
  const input = { stockItem: { id: shop.item }, kind: 'PHOTO', name: 'x', contentType: 'image/png', sizeBytes: 9 };
  const query = 'mutation ($input: FileUploadInput!) { fileUploadStart(input: $input) { userErrors { code } } }';
  const { errors } = await graphqlReply(files.app, shop.secret, query, { input });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE']);
  store.presignPut = presignPut;
  expect(await files.rows()).toEqual(before);
});
