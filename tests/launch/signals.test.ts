import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  buildServer,
  embeddedPid,
  isAlive,
  killStarted,
  newDataDir,
  startServer,
  usedDataDir,
} from '../support/server-process.js';
import { holdTables } from './held-request.js';

const NPM = ['npm', 'start', '--silent'] as const;
/** After this a second signal is a second wish, and not the first one handed on by npm. */
const SECOND_WISH_MS = 700;
const DATABASE_STOP_MS = 5_000;

beforeAll(buildServer);
afterEach(killStarted);

async function untilGone(pid: number | undefined): Promise<boolean> {
  for (const deadline = Date.now() + DATABASE_STOP_MS; isAlive(pid) && Date.now() < deadline;) await sleep(50);
  return !isAlive(pid);
}

describe.each([
  ['SIGTERM to npm alone', 'SIGTERM', 'process'],
  ['SIGINT to npm alone', 'SIGINT', 'process'],
  ["Ctrl-C: SIGINT to the terminal's whole group", 'SIGINT', 'group'],
  ['SIGTERM to the whole group', 'SIGTERM', 'group'],
] as const)('npm start, then %s', (_name, signal, to) => {
  test('stops server and database gracefully, with exit code 0', async () => {
    const dataDir = await usedDataDir();
    const npm = startServer({ env: { DATA_DIR: dataDir }, command: NPM });
    await npm.untilReady();
    const database = embeddedPid(dataDir);
    expect(isAlive(database)).toBe(true);
    npm.kill(signal, to);
    expect(await npm.ended).toEqual({ code: 0, signal: null });
    expect(npm.output()).toContain('"msg":"stopped"');
    expect(npm.output()).not.toContain('stopping at once');
    expect(isAlive(database)).toBe(false);
  });
});

test('a second Ctrl-C ends it at once, with a request in flight, and the database stops too', async () => {
  const dataDir = await usedDataDir();
  const server = startServer({ env: { DATA_DIR: dataDir } });
  const url = await server.untilReady();
  const database = embeddedPid(dataDir);
  const held = await holdTables(dataDir, 'api_key, barcode, parked_scan');
  const key = /Device key +(\S+)/.exec(server.output())?.[1] ?? '';
  const answer = fetch(`${url}/scan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/plain' },
    body: '1',
  });
  const lost = expect(answer).rejects.toThrow();
  await held.untilWaitedFor();
  server.kill('SIGINT');
  await server.untilOutput('"msg":"stopping"');
  await sleep(SECOND_WISH_MS);
  expect(isAlive(server.pid)).toBe(true);
  server.kill('SIGINT');
  expect((await server.ended).code).toBe(1);
  await lost;
  expect(await untilGone(database)).toBe(true);
});

test('a signal while it starts stops it as well, database and all', async () => {
  const dataDir = newDataDir();
  const server = startServer({ env: { DATA_DIR: dataDir } });
  while (isAlive(server.pid) && embeddedPid(dataDir) === undefined) await sleep(5);
  server.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
  expect(embeddedPid(dataDir)).toBeUndefined();
});

test('a database that ends by itself ends the server, which says so', async () => {
  const dataDir = await usedDataDir();
  const server = startServer({ env: { DATA_DIR: dataDir } });
  await server.untilReady();
  process.kill(embeddedPid(dataDir) ?? 0, 'SIGINT');
  expect((await server.ended).code).toBe(1);
  expect(server.output()).toContain('the embedded PostgreSQL has ended');
});
