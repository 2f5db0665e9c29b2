import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FileStore, PresignedPut } from '../../../src/features/files/file-store.port.js';
import { S3 } from '../../support/s3-server.js';
import { newKey, openLocalStore, openS3Store, type OpenedStore } from './stores.js';

const TYPE = 'text/plain';
const MINUTE_MS = 60_000;
const MEGABYTE = 1_048_576;
const ALL = { prefix: '', after: undefined, limit: 100 };
const soon = (): Date => new Date(Date.now() + MINUTE_MS);

/** One contract for every place where files may lie. */
describe.each([
  ['the local disk', openLocalStore],
  [S3, openS3Store],
] as const)('%s', (_, open) => {
  let opened: OpenedStore;
  let store: FileStore;
  beforeAll(async () => {
    opened = await open();
    ({ store } = opened);
  });
  afterEach(async () => {
    for (const { key } of await store.list(ALL)) await store.remove(key);
  });
  afterAll(() => opened.close());

  const grantFor = (bytes: Uint8Array, key = newKey(), expiresAt = soon()) =>
    store.presignPut({ key, sizeBytes: bytes.length, contentType: TYPE, expiresAt });

  async function put({ url, headers }: PresignedPut, body: BodyInit, changed: Record<string, string> = {}): Promise<number> {
    const { 'content-length': length, ...others } = headers;
    expect(length).toMatch(/^\d+$/);
    const response = await fetch(url, {
      method: 'PUT',
      headers: { ...others, ...changed },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  const keys = async (): Promise<string[]> => (await store.list(ALL)).map(({ key }) => key);

  async function contentOf(key: string): Promise<Buffer | undefined> {
    const stream = await store.read(key);
    return stream && buffer(stream);
  }

  test('what was put to a URL is there, whole', async () => {
    const [key, bytes] = [newKey(), randomBytes(MEGABYTE)];
    expect(await put(await grantFor(bytes, key), bytes)).toBeLessThan(300);
    expect(await store.head(key)).toEqual({ sizeBytes: MEGABYTE });
    expect((await contentOf(key))?.equals(bytes)).toBe(true);
  });

  test('an empty store has nothing to tell', async () => {
    const key = newKey();
    expect(await store.head(key)).toBeUndefined();
    expect(await store.read(key)).toBeUndefined();
    expect(await keys()).toEqual([]);
    await store.remove(key);
  });

  test.each([1, 7, MEGABYTE])('more than was granted is refused, by %d bytes', async (more) => {
    const bytes = randomBytes(1000);
    expect(await put(await grantFor(bytes), Buffer.concat([bytes, randomBytes(more)]))).toBeGreaterThanOrEqual(400);
    expect(await keys()).toEqual([]);
  });

  test('less than was granted is refused', async () => {
    const bytes = randomBytes(1000);
    expect(await put(await grantFor(bytes), bytes.subarray(1))).toBeGreaterThanOrEqual(400);
    expect(await keys()).toEqual([]);
  });

  test('200 MB without a declared length is refused as soon as it is too much', async () => {
    const grant = await grantFor(randomBytes(1000));
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += MEGABYTE;
        if (sent > 200 * MEGABYTE) controller.close();
        else controller.enqueue(new Uint8Array(MEGABYTE));
      },
    });
    // The server may hang up while the rest is on its way: that is a refusal too.
    expect(await put(grant, body).catch(() => 413)).toBeGreaterThanOrEqual(400);
    expect(sent).toBeLessThan(100 * MEGABYTE);
    expect(await keys()).toEqual([]);
  });

  test('another type than was granted is refused', async () => {
    const bytes = randomBytes(10);
    expect(await put(await grantFor(bytes), bytes, { 'content-type': 'text/html' })).toBeGreaterThanOrEqual(400);
    expect(await keys()).toEqual([]);
  });

  test('a URL that was changed, in its key or in anything that it says, is refused', async () => {
    const bytes = randomBytes(10);
    const grant = await grantFor(bytes);
    const url = new URL(grant.url);
    const other = new URL(url);
    other.pathname = url.pathname.replace(/[^/]+$/, 'f'.repeat(32));
    const changed = [...url.searchParams.keys()].map((name) => {
      const copy = new URL(url);
      const value = copy.searchParams.get(name) ?? '';
      copy.searchParams.set(name, /^\d+$/.test(value) ? `${value}9` : `x${value}`);
      return copy;
    });
    for (const each of [other, ...changed]) {
      expect([each.search, await put({ ...grant, url: each.href }, bytes)]).toEqual([
        each.search,
        expect.toSatisfy((status: number) => status >= 400),
      ]);
    }
    expect(await keys()).toEqual([]);
  });

  test('a URL for a PUT shows nothing, and one for a GET takes nothing', async () => {
    const [key, bytes] = [newKey(), Buffer.from('hello')];
    const grant = await grantFor(bytes, key);
    expect(await put(grant, bytes)).toBeLessThan(300);
    expect((await fetch(grant.url)).status).toBeGreaterThanOrEqual(400);
    const shown = await store.presignGet({
      key,
      contentType: TYPE,
      disposition: 'inline',
      issuedAt: new Date(),
      expiresAt: soon(),
    });
    expect(await put({ ...grant, url: shown }, bytes)).toBeGreaterThanOrEqual(400);
    expect((await contentOf(key))?.equals(bytes)).toBe(true);
  });

  test('a URL is no good once its time is over', async () => {
    const bytes = randomBytes(10);
    const grant = await grantFor(bytes, newKey(), new Date(Date.now() + 1000));
    const issuedAt = new Date(Date.now() - 2 * MINUTE_MS);
    const expiresAt = new Date(Date.now() - MINUTE_MS);
    const key = newKey();
    await store.write(key, bytes, { sizeBytes: bytes.length, contentType: TYPE });
    const shown = await store.presignGet({ key, contentType: TYPE, disposition: 'inline', issuedAt, expiresAt });
    expect((await fetch(shown)).status).toBe(403);
    let status = 0;
    for (let tries = 0; status !== 403 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      // Less than was granted: it never gets in, and is refused for its length until it is for its time.
      status = await put(grant, bytes.subarray(1)).then((refused) => (refused === 403 && tries < 20 ? 0 : refused));
    }
    expect(await put(grant, bytes)).toBe(403);
    expect(await keys()).toEqual([key]);
  });

  test('a URL that has put once puts nothing else', async () => {
    const [key, first, second] = [newKey(), Buffer.from('first'), Buffer.from('other')];
    const grant = await grantFor(first, key);
    expect(await put(grant, first)).toBeLessThan(300);
    // 409 of the disk, 412 of S3.
    expect([409, 412]).toContain(await put(grant, second));
    expect(await contentOf(key)).toEqual(first);
  });

  test('a PUT without the headers of its grant is refused', async () => {
    const bytes = randomBytes(10);
    const grant = await grantFor(bytes);
    for (const name of Object.keys(grant.headers).filter((header) => header !== 'content-length')) {
      const headers = Object.fromEntries(Object.entries(grant.headers).filter(([header]) => header !== name));
      expect([name, await put({ ...grant, headers }, bytes)]).toEqual([
        name,
        expect.toSatisfy((status: number) => status >= 400),
      ]);
    }
    expect(await keys()).toEqual([]);
  });

  test('of an upload that breaks off nothing is left, and it can be tried again', async () => {
    const [key, bytes] = [newKey(), randomBytes(MEGABYTE)];
    const { url, headers } = await grantFor(bytes, key);
    const { hostname, port, pathname, search } = new URL(url);
    const socket = connect(Number(port), hostname);
    const head = { host: `${hostname}:${port}`, ...headers };
    socket.write(
      `PUT ${pathname}${search} HTTP/1.1\r\n${Object.entries(head)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
    socket.write(bytes.subarray(0, MEGABYTE / 2), () => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));
    expect(await keys()).toEqual([]);
    expect(await put({ url, headers }, bytes)).toBeLessThan(300);
    expect((await contentOf(key))?.equals(bytes)).toBe(true);
  });

  test('what the program writes is whole or not there', async () => {
    const [whole, short, long, broken] = [newKey(), newKey(), newKey(), newKey()];
    const bytes = randomBytes(3 * MEGABYTE);
    const object = { sizeBytes: bytes.length, contentType: TYPE };
    await store.write(whole, Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]), object);
    expect((await contentOf(whole))?.equals(bytes)).toBe(true);
    await expect(store.write(short, bytes.subarray(1), object)).rejects.toThrow();
    await expect(store.write(long, Buffer.concat([bytes, bytes]), object)).rejects.toThrow();
    const half = async function* () {
      yield await Promise.resolve(bytes.subarray(0, MEGABYTE));
      throw new Error('torn');
    };
    await expect(store.write(broken, Readable.from(half()), object)).rejects.toThrow('torn');
    expect(await keys()).toEqual([whole]);
  });

  test('of several that create one object at once one does, and it keeps what that one put', async () => {
    const [key, parts] = [newKey(), Array.from({ length: 8 }, (_each, index) => Buffer.from(`${String(index)} of eight`))];
    const created = await Promise.all(parts.map((bytes) => store.create(key, bytes, TYPE)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await contentOf(key)).toEqual(parts[created.indexOf(true)]);
    expect(await store.create(key, Buffer.from('late'), TYPE)).toBe(false);
    expect(await contentOf(key)).toEqual(parts[created.indexOf(true)]);
    expect(await keys()).toEqual([key]);
  });

  test('what is removed is gone, also the second time', async () => {
    const key = newKey();
    await store.write(key, Buffer.from('x'), { sizeBytes: 1, contentType: TYPE });
    await store.remove(key);
    await store.remove(key);
    expect(await store.head(key)).toBeUndefined();
    expect(await keys()).toEqual([]);
  });

  test('a URL shows the object as it is to be served', async () => {
    const [key, bytes] = [newKey(), Buffer.from('a,b\n')];
    await store.write(key, bytes, { sizeBytes: bytes.length, contentType: TYPE });
    const grant = {
      key,
      contentType: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="stock list.csv"',
      issuedAt: new Date(),
      expiresAt: soon(),
    };
    const url = await store.presignGet(grant);
    expect(await store.presignGet(grant)).toBe(url);
    const response = await fetch(url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': grant.contentType,
      'content-disposition': grant.disposition,
      'content-length': '4',
    });
    await store.remove(key);
    expect((await fetch(url)).status).toBe(404);
  });

  test('a list goes through all keys in their order, page by page, and knows how old they are', async () => {
    const [shop, other] = ['0a', 'a0'].map((start) => newKey(`${start}000000-0000-7000-8000-000000000000`).split('/')[1]);
    const made = [...Array.from({ length: 4 }, () => newKey(shop)), newKey(other), `files/${shop ?? ''}z/x`, 'other/x'];
    for (const key of made) await store.write(key, Buffer.from('x'), { sizeBytes: 1, contentType: TYPE });
    const wanted = made.filter((key) => key.startsWith('files/')).sort();
    const found: string[] = [];
    for (;;) {
      const page = await store.list({ prefix: 'files/', after: found.at(-1), limit: 2 });
      found.push(...page.map(({ key }) => key));
      for (const { modifiedAt } of page) expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(MINUTE_MS);
      if (page.length < 2) break;
    }
    expect(found).toEqual(wanted);
    expect((await store.list({ prefix: `files/${shop ?? ''}/`, after: undefined, limit: 100 })).length).toBe(4);
  });
});
