import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { ormConfig } from '../../mikro-orm.config.js';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { migrateUp } from '../../src/platform/postgres/migrate.js';
import { withDatabase } from './database-url.js';
import { guard } from './guard.js';

/** What all tests of a run, or a check beside them, stand on. */
export interface TestRun {
  /** The server that test databases are made on. */
  readonly serverUrl: string;
  /** Every database of this run has a name that starts with it. */
  readonly databasePrefix: string;
  readonly templateDatabase: string;
  /** A folder of this run; data folders right below it are stopped and removed when the run ends, however it ends. */
  readonly scratchDir: string;
}

/** The server's user, who is not root, enters but does not list. */
const ENTERED_BY_OTHERS = 0o711;
const PREFIX_BYTES = 4;

export interface OpenedRun {
  readonly run: TestRun;
  /** Stops and removes all that the run has made. */
  readonly close: () => Promise<void>;
}

/** One PostgreSQL: DATABASE_URL's, or an embedded one that forgets unless it is to be durable. One migrated template, to be copied. */
export async function openTestRun({ durable = false } = {}): Promise<OpenedRun> {
  const scratchDir = mkdtempSync(join(tmpdir(), 'stockroom-test-'));
  chmodSync(scratchDir, ENTERED_BY_OTHERS);
  const databasePrefix = `stockroom_test_${randomBytes(PREFIX_BYTES).toString('hex')}_`;
  const external = process.env.DATABASE_URL;
  const runGuard = guard({ scratchDir, databasePrefix, ...(external && { serverUrl: external }) });
  const serverUrl = external ?? (await startEmbeddedPostgres({ dataDir: join(scratchDir, 'server'), durable })).url;
  const templateDatabase = `${databasePrefix}template`;
  await makeTemplate(serverUrl, templateDatabase);
  return { run: { serverUrl, databasePrefix, templateDatabase, scratchDir }, close: () => runGuard.cleanUp() };
}

async function makeTemplate(serverUrl: string, name: string): Promise<void> {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  try {
    await admin.query(`create database "${name}"`);
    const orm = new MikroORM(ormConfig(withDatabase(serverUrl, name)));
    try {
      await migrateUp(orm);
    } finally {
      await orm.close();
    }
    // A database that somebody is connected to cannot be copied; now nobody can be.
    await admin.query(`alter database "${name}" with allow_connections false`);
  } finally {
    await admin.end();
  }
}
