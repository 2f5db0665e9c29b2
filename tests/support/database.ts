import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { inject } from 'vitest';
import { ormConfig } from '../../mikro-orm.config.js';
import { withDatabase } from './database-url.js';

const POOL_MAX = 10;

export interface TestDatabase {
  readonly url: string;
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
export async function createTestDatabase({ empty = false, poolMax = POOL_MAX }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  made += 1;
  const name = `${inject('databasePrefix')}${String(process.pid)}_${String(made)}_${Date.now().toString(36)}`;
  await admin(`create database "${name}" template "${empty ? 'template0' : inject('templateDatabase')}"`);
  const url = withDatabase(inject('serverUrl'), name);
  const orm = new MikroORM(ormConfig(url, { poolMax }));
  const drop = async (): Promise<void> => {
    await orm.close();
    await admin(`drop database if exists "${name}" with (force)`);
  };
  return { url, orm, drop };
}

async function admin(sql: string): Promise<void> {
  const client = new pg.Client(inject('serverUrl'));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
