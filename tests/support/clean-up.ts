import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { GuardedRun } from './guard.ts';

/** Run by Node itself, beside a test run: waits for the end of its input, then removes what the run has left. */
const REMOVE_TRIES = 50;
const REMOVE_RETRY_MS = 100;
const STOP_TRIES = 200;
const STOP_RETRY_MS = 50;

async function main({ scratchDir, databasePrefix, serverUrl, pidFile }: GuardedRun & { pidFile: string }): Promise<void> {
  process.stdin.resume();
  await once(process.stdin, 'end');
  for (const file of globSync(join(scratchDir, '*', pidFile))) killProcess(file);
  if (serverUrl !== undefined) await dropDatabases(serverUrl, databasePrefix);
  for (let tries = 0; tries < REMOVE_TRIES && existsSync(scratchDir); tries += 1) {
    for (const file of globSync(join(scratchDir, '*', 'pg', 'postmaster.pid'))) await stopServer(file);
    try {
      rmSync(scratchDir, { recursive: true, force: true });
    } catch {
      // A cluster that was being made is still written to; its maker fails soon, now that files are gone.
    }
    await sleep(REMOVE_RETRY_MS);
  }
  if (existsSync(scratchDir)) throw new Error(`${scratchDir} cannot be removed`);
}

/** Also one that is frozen. */
function killProcess(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** A server writes until it ends, and a folder that is written to cannot be removed. */
async function stopServer(pidFile: string): Promise<void> {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    for (let tries = 0; tries < STOP_TRIES; tries += 1) {
      await sleep(STOP_RETRY_MS);
      process.kill(pid, 0);
    }
  } catch {
    // It has ended.
  }
}

async function dropDatabases(serverUrl: string, prefix: string): Promise<void> {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  const { rows } = await admin.query<{ name: string }>('select datname as name from pg_database where starts_with(datname, $1)', [
    prefix,
  ]);
  for (const { name } of rows) await admin.query(`drop database if exists "${name}" with (force)`);
  await admin.end();
}

await main(JSON.parse(process.argv[2] ?? '') as Parameters<typeof main>[0]);
