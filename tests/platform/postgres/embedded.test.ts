import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../../src/platform/postgres/embedded.js';
import { lockFolder } from '../../../src/platform/postgres/folder-lock.js';
import { isServerOn } from '../../../src/platform/postgres/leftover.js';
import { newDataDir } from '../../support/server-process.js';

const PERMISSIONS = 0o777;

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded server', () => {
  test('keeps its data durably, counts statements, and wants its password', async () => {
    const dataDir = newDataDir();
    const server = await startEmbeddedPostgres({ dataDir });
    try {
      expect(
        await ask(server.url, "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit"),
      ).toEqual([{ fsync: 'on', commit: 'on' }]);
      expect(await ask(server.url, "select current_setting('listen_addresses') as at")).toEqual([{ at: '127.0.0.1' }]);
      await ask(server.url, 'create extension pg_stat_statements; create extension pg_trgm; create table kept (id int)');
      const guess = new URL(server.url);
      guess.password = 'guess';
      await expect(ask(guess.href, 'select 1')).rejects.toThrow(/password authentication failed/);
      expect(statSync(join(dataDir, 'pg', 'stockroom.password')).mode & PERMISSIONS).toBe(0o600);
    } finally {
      await server.stop();
    }
    expect(isServerOn(server.pid, join(dataDir, 'pg'))).toBe(false);
    const again = await startEmbeddedPostgres({ dataDir });
    expect(await ask(again.url, "select to_regclass('kept') is not null as there")).toEqual([{ there: true }]);
    await again.stop();
  });

  test('starts where a pid file names a process that is no PostgreSQL: the number was used again', async () => {
    const dataDir = newDataDir();
    const first = await startEmbeddedPostgres({ dataDir, durable: false });
    const pidFile = readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n');
    await first.stop();
    writeFileSync(join(dataDir, 'pg', 'postmaster.pid'), [String(process.pid), ...pidFile.slice(1)].join('\n'));
    const second = await startEmbeddedPostgres({ dataDir, durable: false });
    expect(second.pid).not.toBe(process.pid);
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  test('never touches a folder pg/ that it did not make', async () => {
    const dataDir = newDataDir();
    mkdirSync(join(dataDir, 'pg'), { recursive: true });
    writeFileSync(join(dataDir, 'pg', 'mine.txt'), 'mine');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/holds files that this server did not make.*DATA_DIR/);
    expect(readFileSync(join(dataDir, 'pg', 'mine.txt'), 'utf8')).toBe('mine');
  });
});

test('a folder is locked once, until it is released', () => {
  const dir = newDataDir();
  const lock = lockFolder(dir);
  expect(() => lockFolder(dir)).toThrow(/in use by a server that runs already .*DATA_DIR/);
  lock.release();
  lockFolder(dir).release();
});
