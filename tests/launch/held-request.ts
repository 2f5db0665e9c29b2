import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { embeddedUrl } from '../support/server-process.js';

const POLL_MS = 20;

export interface HeldTables {
  /** Resolves once somebody waits for the tables: the request has come as far as the database. */
  untilWaitedFor(): Promise<void>;
  release(): Promise<void>;
}

/** Locks tables of an embedded database, so that a request that needs them is in flight until they are released. */
export async function holdTables(dataDir: string, tables: string): Promise<HeldTables> {
  const client = new pg.Client(embeddedUrl(dataDir));
  // A test may end the database under it.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`begin; lock table ${tables} in access exclusive mode`);
  return {
    untilWaitedFor: async () => {
      while ((await client.query('select 1 from pg_locks where not granted')).rowCount === 0) await sleep(POLL_MS);
    },
    release: async () => {
      await client.query('rollback');
      await client.end();
    },
  };
}
