import Fastify, { type FastifyInstance } from 'fastify';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { LocalFileStore, MAX_UPLOADS_AT_ONCE } from '../../src/adapters/files/local-file-store.js';
import type { PresignedPut } from '../../src/features/files/file-store.port.js';
import { newObjectKey } from '../../src/features/files/object-key.js';
import { newId } from '../../src/kernel/ids.js';
import { fileEndpoint } from '../../src/transport/file-endpoint.js';
import { httpErrorOf } from '../../src/transport/http-errors.js';

const POLL_MS = 5;
const SIZE = 1_000;
const TWO_HOURS_MS = 7_200_000;
const ALL = { prefix: '', after: undefined, limit: 100 };
const DEBUG = 20;

let folder: string;
let store: LocalFileStore;
let app: FastifyInstance;
let origin: string;
let lines: { level: number; msg: string }[];
let sockets: Socket[];
beforeEach(async () => {
  folder = mkdtempSync(join(inject('scratchDir'), 'door-'));
  // The server of the test before may still write into its own.
  const written: typeof lines = [];
  lines = written;
  sockets = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(JSON.parse(chunk.toString()) as (typeof lines)[number]);
      done();
    },
  });
  app = Fastify({ forceCloseConnections: true, logger: { level: 'debug', stream } });
  app.setErrorHandler((error: Error, request, reply) => reply.code(httpErrorOf(error, request).status).send());
  store = new LocalFileStore({ folder, secret: () => Buffer.from('secret'), origin: () => origin, now: () => new Date() });
  await app.register(fileEndpoint(store));
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await app.close();
});

const newKey = (): string => newObjectKey({ shopId: newId(), id: newId() });
const grant = (key = newKey()): Promise<PresignedPut> =>
  store.presignPut({ key, sizeBytes: SIZE, contentType: 'text/plain', expiresAt: new Date(Date.now() + TWO_HOURS_MS) });

async function put({ url }: PresignedPut): Promise<Response> {
  return fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(SIZE) });
}

/** Begins an upload and sends half of it. */
function begin({ url, headers }: PresignedPut): Socket {
  const { hostname, port, pathname, search, host } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const head = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\n${head.join('')}\r\n`);
  socket.write(Buffer.alloc(SIZE / 2));
  sockets.push(socket);
  return socket;
}

function unfinished(): number {
  try {
    return readdirSync(join(folder, 'incoming')).length;
  } catch {
    return 0;
  }
}

async function untilUnfinished(count: number): Promise<void> {
  while (unfinished() !== count) await sleep(POLL_MS);
}

test('one URL takes one upload at a time, and another after that one has broken off', async () => {
  const granted = await grant();
  const first = begin(granted);
  await untilUnfinished(1);
  expect((await put(granted)).status).toBe(409);
  expect(unfinished()).toBe(1);
  first.destroy();
  await untilUnfinished(0);
  expect((await put(granted)).status).toBe(201);
});

test('a process takes so many uploads at once and says when to come again', async () => {
  for (let count = 0; count < MAX_UPLOADS_AT_ONCE; count += 1) begin(await grant());
  await untilUnfinished(MAX_UPLOADS_AT_ONCE);
  const granted = await grant();
  const refused = await put(granted);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
  sockets[0]?.destroy();
  await untilUnfinished(MAX_UPLOADS_AT_ONCE - 1);
  expect((await put(granted)).status).toBe(201);
});

test('an upload that its client breaks off is no failure of the server', async () => {
  const socket = begin(await grant());
  await untilUnfinished(1);
  socket.destroy();
  await untilUnfinished(0);
  while (!lines.some(({ msg }) => /broken off|failed/.test(msg))) await sleep(POLL_MS);
  expect(lines.filter(({ msg }) => /broken off|failed/.test(msg))).toMatchObject([
    { level: DEBUG, msg: 'an upload was broken off' },
  ]);
});

test('what others leave in the folder is no object, and ends no list', async () => {
  const key = newKey();
  await store.write(key, Buffer.from('x'), { sizeBytes: 1 });
  const objects = join(folder, 'objects');
  for (const name of ['.DS_Store', 'files/.nfs0001', 'Thumbs.db']) writeFileSync(join(objects, name), 'x');
  symlinkSync(join(objects, 'Thumbs.db'), join(objects, 'link'));
  expect((await store.list(ALL)).map((object) => object.key)).toEqual([key]);
});

test.each(['incoming', 'grants/incoming'])('what a killed process left in %s goes in time', async (name) => {
  const incoming = join(folder, name);
  mkdirSync(incoming, { recursive: true });
  for (const file of ['old', 'new']) writeFileSync(join(incoming, file), 'x');
  const before = new Date(Date.now() - TWO_HOURS_MS);
  utimesSync(join(incoming, 'old'), before, before);
  await store.list(ALL);
  expect(readdirSync(incoming)).toEqual(['new']);
});
