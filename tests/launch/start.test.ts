import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
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

const STOP_LISTENING = { timeout: 8_000, interval: 20 };
const PERMISSIONS = 0o777;
const OWNER_ONLY = 0o600;

beforeAll(buildServer);
afterEach(killStarted);

function printed(output: string, label: string): string {
  return new RegExp(`^ +${label} +(\\S+)$`, 'm').exec(output)?.[1] ?? '';
}

function curlLine(output: string): string {
  return /^ +(curl .*)$/m.exec(output)?.[1] ?? '';
}

describe('a start with nothing set but the data folder', () => {
  test('prints addresses, keys and a curl line that scans; stops on SIGTERM; starts again with the same keys', async () => {
    const dataDir = newDataDir();
    const first = startServer({ env: { DATA_DIR: dataDir } });
    const url = await first.untilReady();
    for (const path of ['/livez', '/readyz']) expect((await fetch(url + path)).status).toBe(200);
    expect(first.output()).toContain(`${url}/livez and ${url}/readyz`);
    expect(execFileSync('sh', ['-c', curlLine(first.output())], { encoding: 'utf8' })).toMatch(/^OK /);
    const [email, password] = [printed(first.output(), 'Owner'), printed(first.output(), 'Password')];
    const query =
      'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { me { shops { role } } } }';
    const signedIn = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { email, password } }),
    });
    expect(await signedIn.json()).toMatchObject({ data: { signIn: { me: { shops: [{ role: 'OWNER' }] } } } });
    const keys = join(dataDir, 'demo-keys.json');
    expect(statSync(keys).mode & PERMISSIONS).toBe(OWNER_ONLY);
    const server = embeddedPid(dataDir);
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(server)).toBe(false);

    const second = startServer({ env: { DATA_DIR: dataDir } });
    await second.untilReady();
    for (const label of ['Admin key', 'Device key', 'Owner', 'Password']) {
      expect(printed(first.output(), label)).not.toBe('');
      expect(printed(second.output(), label)).toBe(printed(first.output(), label));
    }
    second.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  test('finishes a request in flight before it stops, database and all', async () => {
    const dataDir = await usedDataDir();
    const server = startServer({ env: { DATA_DIR: dataDir } });
    const url = await server.untilReady();
    const held = await holdTables(dataDir, 'api_key, stock_level, stock_movement');
    const answer = fetch(`${url}/scan`, {
      method: 'POST',
      headers: { authorization: `Bearer ${printed(server.output(), 'Device key')}`, 'content-type': 'text/plain' },
      body: /--data-raw '([^']*)'/.exec(server.output())?.[1] ?? '',
    });
    await held.untilWaitedFor();
    server.kill('SIGINT', 'group');
    await vi.waitFor(() => expect(fetch(`${url}/livez`)).rejects.toThrow(), STOP_LISTENING);
    expect(isAlive(server.pid)).toBe(true);
    await held.release();
    expect((await answer).status).toBe(200);
    expect(await (await answer).text()).toMatch(/^OK /);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(embeddedPid(dataDir)).toBeUndefined();
  });

  test('starts after kill -9, on the same data, without the server that was left', async () => {
    const dataDir = await usedDataDir();
    const killed = startServer({ env: { DATA_DIR: dataDir } });
    await killed.untilReady();
    const left = embeddedPid(dataDir);
    killed.kill('SIGKILL');
    await killed.ended;
    expect(isAlive(left)).toBe(true);
    const next = startServer({ env: { DATA_DIR: dataDir } });
    await next.untilReady();
    expect(isAlive(left)).toBe(false);
    expect(embeddedPid(dataDir)).not.toBe(left);
    expect(printed(next.output(), 'Admin key')).toBe(printed(killed.output(), 'Admin key'));
    next.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
  });

  test('is refused in the folder of a server that lives, which stays unharmed', async () => {
    const dataDir = await usedDataDir();
    const first = startServer({ env: { DATA_DIR: dataDir } });
    const url = await first.untilReady();
    const second = startServer({ env: { DATA_DIR: dataDir } });
    expect((await second.ended).code).toBe(1);
    expect(second.output()).toBe(
      `stockroom: ${dataDir} is in use by a server that runs already (process ${String(first.pid)}): stop it, or set DATA_DIR to another folder\n`,
    );
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    first.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  });

  test('repairs what a first start that was cut short has left', async () => {
    const dataDir = newDataDir();
    const half = join(dataDir, 'pg.half-cut');
    mkdirSync(join(half, 'data'), { recursive: true });
    writeFileSync(join(half, 'data', 'PG_VERSION'), '18\n');
    const cut = startServer({ env: { DATA_DIR: dataDir } });
    const isBeingMade = () => readdirSync(dataDir).some((name) => name.startsWith('pg.half-') && name !== 'pg.half-cut');
    while (isAlive(cut.pid) && !isBeingMade()) await sleep(5);
    expect(isAlive(cut.pid), cut.output()).toBe(true);
    cut.kill('SIGKILL', 'group');
    await cut.ended;
    expect(existsSync(join(dataDir, 'pg'))).toBe(false);
    const next = startServer({ env: { DATA_DIR: dataDir } });
    await next.untilReady();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('pg.half-'))).toEqual([]);
    next.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
  });

  test('forgets the keys of a database that is gone', async () => {
    const dataDir = await usedDataDir();
    const first = startServer({ env: { DATA_DIR: dataDir } });
    await first.untilReady();
    first.kill('SIGTERM');
    await first.ended;
    rmSync(join(dataDir, 'pg'), { recursive: true });
    const second = startServer({ env: { DATA_DIR: dataDir } });
    await second.untilReady();
    expect(printed(second.output(), 'Admin key')).not.toBe(printed(first.output(), 'Admin key'));
    expect(execFileSync('sh', ['-c', curlLine(second.output())], { encoding: 'utf8' })).toMatch(/^OK /);
    second.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});
