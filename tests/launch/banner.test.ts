import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildServer, killStarted, startServer, usedDataDir, type ServerProcess } from '../support/server-process.js';

interface Keys {
  adminKey: string;
  deviceKey: string;
  owner: { email: string; password: string };
  locationId?: string;
}

/** Two starts and more in one test. */
const PATIENT_MS = 120_000;

beforeAll(async () => {
  buildServer();
  await usedDataDir();
}, PATIENT_MS);
afterEach(killStarted);

const fileOf = (dataDir: string): string => join(dataDir, 'demo-keys.json');
const keysOf = (dataDir: string): Keys => JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Keys;

async function running<T>(env: Record<string, string>, act: (server: ServerProcess, url: string) => Promise<T> | T): Promise<T> {
  const server = startServer({ env });
  const url = await server.untilReady();
  const result = await act(server, url);
  server.kill('SIGTERM');
  await server.ended;
  return result;
}

async function ask(url: string, token: string, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const reply = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = (await reply.json()) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).not.toContain('"message"');
  return data;
}

async function signedIn(url: string, { email, password }: Keys['owner']): Promise<string> {
  const query = 'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { token } }';
  return ((await ask(url, '', query, { email, password })) as { signIn: { token: string } }).signIn.token;
}

async function pageOf(url: string): Promise<string> {
  return (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
}

describe('keys and password of the demo shop', { timeout: PATIENT_MS }, () => {
  test('are printed where this machine alone can reach the server', async () => {
    const dataDir = await usedDataDir();
    const { adminKey, deviceKey, owner } = keysOf(dataDir);
    const output = await running({ DATA_DIR: dataDir, HOST: '127.0.0.1' }, (server) => server.output());
    for (const secret of [adminKey, deviceKey, owner.email, owner.password]) expect(output).toContain(secret);
  });

  test('are neither printed nor in the playground where others can, and the banner says where they stand', async () => {
    const dataDir = await usedDataDir();
    const { adminKey, deviceKey, owner } = keysOf(dataDir);
    const shown = await running({ DATA_DIR: dataDir, HOST: '0.0.0.0' }, async (server, url) => {
      // They are good all the same.
      await signedIn(url, owner);
      return server.output() + (await pageOf(url));
    });
    expect([adminKey, deviceKey, owner.email, owner.password].filter((secret) => shown.includes(secret))).toEqual([]);
    expect(shown).toContain(`its keys and its owner's password stand in ${fileOf(dataDir)}`);
  });

  test('are not printed any more once they let nobody in, and the shop is not made twice', async () => {
    const dataDir = await usedDataDir();
    const { adminKey, deviceKey, owner, locationId } = keysOf(dataDir);
    const newPassword = 'a window that nobody cleans';
    const playground = await running({ DATA_DIR: dataDir }, async (_server, url) => {
      const token = await signedIn(url, owner);
      const { apiKeys } = (await ask(url, token, '{ apiKeys { id role } }')) as { apiKeys: { id: string; role: string }[] };
      // A shop keeps one owner's key, so that one is given another secret.
      for (const { id, role } of apiKeys) {
        const act = role === 'OWNER' ? 'apiKeyRotate(id: $id, overlapMinutes: 0)' : 'apiKeyRevoke(id: $id)';
        await ask(url, token, `mutation ($id: ID!) { ${act} { userErrors { message } } }`, { id });
      }
      const change =
        'mutation ($current: String!, $next: String!) { passwordChange(current: $current, next: $next) { userErrors { message } } }';
      await ask(url, token, change, { current: owner.password, next: newPassword });
      return pageOf(url);
    });
    expect(playground.includes(adminKey)).toBe(true);
    const next = await running({ DATA_DIR: dataDir }, async (server, url) => {
      await signedIn(url, { ...owner, password: newPassword });
      return server.output() + (await pageOf(url));
    });
    expect([adminKey, deviceKey, owner.password].filter((secret) => next.includes(secret))).toEqual([]);
    expect(next).toMatch(/^ {2}Admin key {4}\(revoked or replaced since\)\n {2}Device key {3}\(revoked or replaced since\)$/m);
    expect(next).toMatch(new RegExp(`^ {2}Owner {8}${owner.email}\\n {2}Password {5}\\(changed since\\)$`, 'm'));
    expect(next).not.toContain('Scan something');
    expect(next.includes(locationId ?? '-')).toBe(true);
    expect(keysOf(dataDir)).toEqual({ adminKey, deviceKey, owner, locationId });
  });

  test('of a version that wrote down no location fill in the examples as well', async () => {
    const dataDir = await usedDataDir();
    const { locationId = '', ...before } = keysOf(dataDir);
    writeFileSync(fileOf(dataDir), JSON.stringify(before));
    const page = await running({ DATA_DIR: dataDir }, (_server, url) => pageOf(url));
    expect(page.includes(locationId)).toBe(true);
  });
});
