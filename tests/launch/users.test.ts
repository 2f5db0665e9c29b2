import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { requireOrSkip } from '../support/optional.js';
import { buildServer, builtServer, killStarted, newDataDir, startServer } from '../support/server-process.js';

const NOBODY = 65_534;
const CLOSED = 0o700;
const AS_NOBODY = ['setpriv', `--reuid=${String(NOBODY)}`, `--regid=${String(NOBODY)}`, '--clear-groups'] as const;
const isRoot = process.getuid?.() === 0;
/** Nobody must be able to read this very folder, and the programs in it. */
const canBeNobody = isRoot && spawnSync(AS_NOBODY[0], [...AS_NOBODY.slice(1), 'test', '-x', process.execPath]).status === 0;

beforeAll(buildServer);
afterEach(killStarted);

// These change the user they run as, so they are for root alone: no machine can be expected to have root at hand.
test.runIf(isRoot)(
  'as root, PostgreSQL runs as somebody else, and a folder closed to it is refused with a line that names DATA_DIR',
  async () => {
    const closed = newDataDir();
    mkdirSync(closed);
    chmodSync(closed, CLOSED);
    const refused = startServer({ env: { DATA_DIR: join(closed, 'data') } });
    expect((await refused.ended).code).toBe(1);
    expect(refused.output()).toMatch(
      /^stockroom: PostgreSQL runs as uid \d+ and cannot reach .*: set DATA_DIR to a folder .*\n$/,
    );

    const open = newDataDir();
    const server = startServer({ env: { DATA_DIR: open } });
    await server.untilReady();
    expect(statSync(join(open, 'pg')).uid).not.toBe(0);
    server.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  },
);

requireOrSkip(
  'as a user who is not root',
  canBeNobody || !isRoot,
  'nobody cannot reach this folder',
)(() => {
  test.runIf(isRoot)('the server starts in a folder of its own, and root may start it there afterwards', async () => {
    const dataDir = newDataDir();
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const own = startServer({ env: { DATA_DIR: dataDir }, command: [...AS_NOBODY, ...builtServer] });
    await own.untilReady();
    expect(statSync(join(dataDir, 'pg')).uid).toBe(NOBODY);
    own.kill('SIGTERM');
    expect((await own.ended).code).toBe(0);
    const byRoot = startServer({ env: { DATA_DIR: dataDir } });
    await byRoot.untilReady();
    byRoot.kill('SIGTERM');
    expect((await byRoot.ended).code).toBe(0);
    expect(statSync(join(dataDir, 'pg')).uid).toBe(NOBODY);
  });

  test.runIf(isRoot)("a folder of another user's is refused with a line that names DATA_DIR", async () => {
    const dataDir = newDataDir();
    const server = startServer({ env: { DATA_DIR: dataDir }, command: [...AS_NOBODY, ...builtServer] });
    expect((await server.ended).code).toBe(1);
    expect(server.output()).toMatch(/^stockroom: cannot write in .*: set DATA_DIR to a folder that this user may write in\n$/);
    expect(existsSync(dataDir)).toBe(false);
  });
});
