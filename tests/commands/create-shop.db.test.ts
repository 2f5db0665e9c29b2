import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiKeyAuthenticator, hashSecret } from '../../src/features/access/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const SCRIPT = fileURLToPath(new URL('../../src/commands/create-shop.ts', import.meta.url));

let database: TestDatabase;
let empty: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  empty = await createTestDatabase({ empty: true });
});
afterAll(async () => {
  await database.drop();
  await empty.drop();
});

async function run(url: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

test('a shop is made, and the key that is printed opens it', async () => {
  const { code, out, err } = await run(
    database.url,
    '--name',
    'Thandi & sons',
    '--time-zone',
    'Africa/Maputo',
    '--currency',
    'MZN',
  );
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('shop: Thandi & sons (MZN, Africa/Maputo)');
  const authenticator = new ApiKeyAuthenticator(database.orm.em, systemClock, () => undefined);
  const actor = await authenticator.authenticate(/sr_\w+/.exec(out)?.[0] ?? '');
  await authenticator.close();
  expect(actor).toMatchObject({ role: 'OWNER', shop: { name: 'Thandi & sons' } });
});

test('an owner is invited by the code that is printed where no mail is sent', async () => {
  const { code, out, err } = await run(database.url, '--name', 'x', '--owner-email', 'Thandi@Example.co.za');
  expect([code, err]).toEqual([0, '']);
  const [, email, secret] = /invitation of (\S+) .*(sri_\w+)/.exec(out) ?? [];
  const invitations = await database.orm.em.fork().execute('select email, role, secret_hash from invitation');
  expect([email, invitations]).toEqual([
    'thandi@example.co.za',
    [{ email, role: 'OWNER', secret_hash: hashSecret(secret ?? '') }],
  ]);
  const before = await countShops();
  expect(await run(database.url, '--name', 'x', '--owner-email', 'thandi')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^stockroom: owner-email: .+\n$/) as string,
  });
  expect(await countShops()).toBe(before);
}, 60_000);

test('what is not right is one line, and nothing is made', async () => {
  const before = await countShops();
  expect(await run(database.url)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^stockroom: usage: .+\n$/) as string,
  });
  expect(await run(database.url, '--nmae', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('--nmae') as string });
  const currency = await run(database.url, '--name', 'x', '--currency', 'rand');
  expect(currency).toMatchObject({ code: 1, err: 'stockroom: currency: A currency is an ISO 4217 code such as ZAR.\n' });
  expect(await run(empty.url, '--name', 'x')).toMatchObject({
    code: 1,
    err: expect.stringContaining('npm run migrate') as string,
  });
  expect(await countShops()).toBe(before);
});

async function countShops(): Promise<number> {
  const [row] = await database.orm.em.fork().execute<{ count: number }[]>('select count(*)::int as count from shop');
  return row?.count ?? -1;
}
