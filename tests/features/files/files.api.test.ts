import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { graphqlReply } from '../../support/app.js';
import { isCeph, S3 } from '../../support/s3-server.js';
import { FilesApp, FilesShop, put } from './files-app.js';
import { HTML, hugePng, PDF, photo, png, SVG, zipBomb } from './samples.js';

const MEGABYTE = 1_048_576;
const NOT_FOUND = { code: 'NOT_FOUND', path: ['id'] };

describe.each([
  ['the disk', 'disk'],
  [S3, 'S3'],
] as const)('files on %s', (_, place) => {
  let files: FilesApp;
  let shop: FilesShop;
  beforeAll(async () => {
    files = await FilesApp.open(place);
  });
  beforeEach(async () => {
    shop = await FilesShop.open(files.app);
  });
  afterEach(async () => {
    await files.database.orm.em.fork().execute('delete from stored_file');
    for (const key of await files.objects()) await files.store.remove(key);
  });
  afterAll(() => files.close());

  /** Once what follows from it was done. */
  async function expectNothingLeft(): Promise<void> {
    await files.app.outbox.drain();
    expect(await files.rows()).toEqual([]);
    expect(await files.objects()).toEqual([]);
  }

  test('a photo is shown, without what lay beside its pixels', async () => {
    const file = await shop.kept(await photo(), { kind: 'PHOTO', name: 'C:\\me\\bread.jpeg', contentType: 'image/jpeg' });
    expect(file).toMatchObject({ name: 'bread.jpeg', contentType: 'image/jpeg' });
    await files.app.outbox.drain();
    expect(await files.objects()).toHaveLength(2);
    const response = await fetch(file.url ?? '');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes).toHaveLength(file.sizeBytes);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('content-disposition')).toBe('inline; filename="bread.jpeg"');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 480, height: 640 });
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    const shown = await shop.files();
    expect(shown.files).toEqual([{ ...file, kind: 'PHOTO', createdAt: expect.any(String) as string }]);
    expect(shown.photoUrl).toBe(file.thumbnailUrl);
    expect((await fetch(shown.photoUrl ?? '')).status).toBe(200);
  });

  test.each([
    ['invoice (1).html', 'application/pdf', PDF, 'invoice (1).html.pdf'],
    ['list.csv', 'text/csv; charset=UTF-8', Buffer.from('a,b\n'), 'list.csv'],
    ['run.js', 'text/plain', Buffer.from('alert(1)'), 'run.js.txt'],
  ])('%s is kept as it came, and saved by whoever asks for it', async (name, contentType, bytes, kept) => {
    const file = await shop.kept(bytes, { name, contentType });
    expect(file).toMatchObject({ name: kept, sizeBytes: bytes.length, thumbnailUrl: null });
    expect(await shop.files()).toMatchObject({ photoUrl: null, files: [{ id: file.id }] });
    // s3rver refuses the signature of such a name.
    if (place === 'S3' && !isCeph && kept.includes('(')) return;
    const response = await fetch(file.url ?? '');
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${kept}"`);
    if (place === 'S3') return;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'; sandbox") as string,
    });
  });

  test.each([
    ['a PNG that is a page', 'PHOTO', 'image/png', () => Buffer.from(HTML), /not image\/png.*text\/html/],
    ['a drawing with a script', 'PHOTO', 'image/png', () => Buffer.from(SVG), /not image\/png.*svg/],
    ['a drawing as text', 'ATTACHMENT', 'text/plain', () => Buffer.from(SVG), /markup of a web page/],
    ['a zip bomb', 'ATTACHMENT', 'application/pdf', () => zipBomb(100_000_000), /application\/zip/],
    ['a zip bomb as text', 'ATTACHMENT', 'text/csv', () => zipBomb(100_000_000), /characters|UTF-8|zip/],
    ['a JPEG that was said to be a PNG', 'PHOTO', 'image/png', () => photo(), /not image\/png.*image\/jpeg/],
    ['a PNG that was said to be a PDF', 'ATTACHMENT', 'application/pdf', () => png(), /not application\/pdf.*image\/png/],
    ['900 million pixels', 'PHOTO', 'image/png', () => hugePng(30_000), /million pixels/],
    ['a PDF that is an archive too', 'ATTACHMENT', 'application/pdf', () => Buffer.concat([PDF, zipBomb(1000)]), /archive/],
    ['half a photo', 'PHOTO', 'image/jpeg', async () => (await photo()).subarray(0, 3000), /damaged/],
  ] as const)('%s is refused, and nothing of it is left', async (...[, kind, contentType, made, message]) => {
    const { file, userErrors } = await shop.upload(await made(), { kind, contentType });
    expect([file, userErrors]).toEqual([
      null,
      [{ code: 'INVALID', message: expect.stringMatching(message) as string, path: ['id'] }],
    ]);
    await expectNothingLeft();
  });

  test('what no file is may not even begin', async () => {
    const begun = async (declared: Parameters<FilesShop['start']>[1]) => {
      const { upload, userErrors } = await shop.start(Buffer.from('x'), declared);
      expect(upload).toBeNull();
      return userErrors.map(({ code, path }) => `${code} ${path.join('.')}`);
    };
    for (const contentType of [
      'image/svg+xml',
      'text/html',
      'application/zip',
      'application/javascript',
      'image/gif',
      '',
      'x'.repeat(9999),
    ]) {
      expect([contentType, await begun({ contentType })]).toEqual([contentType, ['INVALID contentType']]);
    }
    expect(await begun({ kind: 'PHOTO', contentType: 'application/pdf' })).toEqual(['INVALID contentType']);
    for (const sizeBytes of [0, -1, 26 * MEGABYTE, 200 * MEGABYTE]) {
      expect(await begun({ contentType: 'text/plain', sizeBytes })).toEqual(['INVALID sizeBytes']);
    }
    expect(await begun({ kind: 'PHOTO', contentType: 'image/png', sizeBytes: 16 * MEGABYTE })).toEqual(['INVALID sizeBytes']);
    for (const name of ['', ' . ', '/', '..', '\u202e', 'n'.repeat(121)]) {
      expect([name, await begun({ contentType: 'text/plain', name })]).toEqual([name, ['INVALID name']]);
    }
    await expectNothingLeft();
  });

  test('200 MB are let in by no URL, whether they are declared or not', async () => {
    const granted = await shop.granted(Buffer.alloc(1000), { contentType: 'text/plain' });
    const flood = (): ReadableStream<Uint8Array> => {
      let left = 200;
      return new ReadableStream({
        pull: (controller) => {
          left -= 1;
          if (left < 0) controller.close();
          else controller.enqueue(new Uint8Array(MEGABYTE));
        },
      });
    };
    expect(await put(granted, flood()).catch(() => 413)).toBeGreaterThanOrEqual(400);
    expect(await put(granted, Buffer.alloc(200 * MEGABYTE)).catch(() => 413)).toBeGreaterThanOrEqual(400);
    expect(await files.objects()).toEqual([]);
    expect((await shop.complete(granted.id)).userErrors).toMatchObject([
      { code: 'INVALID', message: 'Nothing was uploaded yet.' },
    ]);
    // It is still awaited.
    expect(await put(granted, Buffer.alloc(1000, 'x'))).toBeLessThan(300);
    expect((await shop.complete(granted.id)).userErrors).toEqual([]);
  });

  test('a URL puts once: before its upload is complete it is refused, after that it changes nothing', async () => {
    const [first, second] = [Buffer.from('first'), Buffer.from('other')];
    const granted = await shop.granted(first, { contentType: 'text/plain' });
    expect(await put(granted, first)).toBeLessThan(300);
    expect(await put(granted, second)).toBeGreaterThanOrEqual(400);
    const { file } = await shop.complete(granted.id);
    await files.app.outbox.drain();
    const late = await put(granted, second);
    if (place === 'disk') expect(late).toBe(409);
    expect(await (await fetch(file?.url ?? '')).text()).toBe('first');
    expect((await shop.complete(granted.id)).file?.id).toBe(file?.id);
    expect(await (await fetch(file?.url ?? '')).text()).toBe('first');
  });

  test('an upload whose time is over is nobody else than one that never was', async () => {
    const granted = await shop.granted(PDF, { contentType: 'application/pdf' });
    expect(await put(granted, PDF)).toBeLessThan(300);
    await files.database.orm.em.fork().execute("update stored_file set expires_at = now() - interval '1 second'");
    expect((await shop.complete(granted.id)).userErrors).toMatchObject([NOT_FOUND]);
  });

  test("another shop's uploads and files are unknown", async () => {
    const other = await FilesShop.open(files.app, 'Other');
    const theirs = await other.kept(PDF, { contentType: 'application/pdf' });
    const begun = await other.granted(PDF, { contentType: 'application/pdf' });
    expect(await put(begun, PDF)).toBeLessThan(300);
    await files.app.outbox.drain();
    const before = [await files.rows(), await files.objects()];
    const nobody = toGlobalId('StoredFile', newId());
    for (const id of [theirs.id, begun.id, nobody, other.item, 'x']) {
      const refusals = [(await shop.complete(id)).userErrors, (await shop.delete(id)).userErrors];
      expect([id, refusals]).toMatchObject([id, [[NOT_FOUND], [NOT_FOUND]]]);
      const { data } = await graphqlReply(
        files.app,
        shop.secret,
        'query ($id: ID!) { node(id: $id) { ... on StoredFile { id } } }',
        { id },
      );
      expect([id, data]).toEqual([id, { node: null }]);
    }
    const input = { stockItem: { id: other.item }, kind: 'PHOTO', name: 'x', contentType: 'image/png', sizeBytes: 9 };
    const started = await graphqlReply(
      files.app,
      shop.secret,
      'mutation ($input: FileUploadInput!) { fileUploadStart(input: $input) { userErrors { code } } }',
      { input },
    );
    expect(started.data).toEqual({ fileUploadStart: { userErrors: [{ code: 'NOT_FOUND' }] } });
    // One's own leave to put does not reach into the other's folder.
    const mine = await shop.granted(PDF, { contentType: 'application/pdf' });
    const reached = { ...mine, url: mine.url.replace(shop.shopId, other.shopId) };
    expect(reached.url).not.toBe(mine.url);
    expect(await put(reached, PDF)).toBe(403);
    expect((await shop.delete(mine.id)).userErrors).toEqual([]);
    await files.app.outbox.drain();
    expect([await files.rows(), await files.objects()]).toEqual(before);
  });

  test('an upload that is wanted no more goes, with what was put', async () => {
    const granted = await shop.granted(PDF, { contentType: 'application/pdf' });
    expect(await put(granted, PDF)).toBeLessThan(300);
    expect((await shop.delete(granted.id)).deletedId).toBe(granted.id);
    expect((await shop.complete(granted.id)).userErrors).toMatchObject([NOT_FOUND]);
    await expectNothingLeft();
  });
});
