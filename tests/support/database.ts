import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { inject } from 'vitest';
import { ormConfig } from '../../mikro-orm.config.js';
import { withDatabase } from './database-url.js';
import type { TestRun } from './test-run.js';

const POOL_MAX = 10;

export interface TestDatabase {
  readonly url: string;
  /** As the login user, over all walls between shops: what a test looks at the database with. An app has its own. */
  readonly orm: MikroORM;
  /** Closes the ORM and drops the database. What a test forgets is dropped at the end of the run. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** True: an empty database instead of a migrated one. */
  readonly empty?: boolean;
  readonly poolMax?: number;
}

let made = 0;

/** A database of its own, migrated, empty of rows: a copy of the run's template, so it takes a tenth of a second. */
export async function createTestDatabase(
  { empty = false, poolMax = POOL_MAX }: TestDatabaseOptions = {},
  run: Omit<TestRun, 'scratchDir'> = runOfVitest(),
): Promise<TestDatabase> {
  const admin = (sql: string): Promise<void> => execute(run.serverUrl, sql);
  made += 1;
  const name = `${run.databasePrefix}${String(process.pid)}_${String(made)}_${Date.now().toString(36)}`;
  await admin(`create database "${name}" template "${empty ? 'template0' : run.templateDatabase}"`);
  const url = withDatabase(run.serverUrl, name);
  const orm = new MikroORM(ormConfig(url, { poolMax, isConfined: false }));
  const drop = async (): Promise<void> => {
    await orm.close();
    await admin(`drop database if exists "${name}" with (force)`);
  };
  return { url, orm, drop };
}

function runOfVitest(): Omit<TestRun, 'scratchDir'> {
  return {
    serverUrl: inject('serverUrl'),
    databasePrefix: inject('databasePrefix'),
    templateDatabase: inject('templateDatabase'),
  };
}

async function execute(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
