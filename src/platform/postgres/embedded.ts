import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.js';
import { findBinaries, type Binaries } from './binaries.js';
import { clusterFolder, DATABASE, prepareCluster, SUPERUSER, unreachable } from './cluster.js';
import { lockFolder } from './folder-lock.js';
import { freePort } from './free-port.js';
import { readPidFile, stopLeftover } from './leftover.js';
import { SERVER_ENV } from './run.js';
import { canReach, serverUser, type ServerUser } from './server-user.js';

const START_TRIES = 5;
const POLL_MS = 10;
/** A server that was killed may first replay its log. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const RETRY_MS = 300;
const MAX_CONNECTIONS = 200;
const LOG_FILE = 'postgres.log';
const PRIVATE_FILE = 0o600;
/** Reasons that pass by themselves: somebody took the port first, or the last processes of a killed server still hold its memory. */
const PASSING = /could not (bind|create any TCP\/IP sockets)|pre-existing shared memory block/;

export interface EmbeddedOptions {
  /** The data folder: the server's own files come below it, in pg/. */
  readonly dataDir: string;
  /** False for tests alone: faster, and a power cut loses the data. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  /** Names a user, its password, 127.0.0.1 and a free port: not to be logged. */
  readonly url: string;
  readonly pid: number;
  /** This start has made the database. */
  readonly isNew: boolean;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL server for this process alone, made on the first start. It listens on 127.0.0.1 with a random password (SCRAM) that
 * only the owner of the folder can read: another user of the machine can reach the port but not the data, and a socket's path would
 * be too long in some folders and absent on Windows. Refuses with a StartError what the operator can mend by a setting.
 */
export async function startEmbeddedPostgres({ dataDir, durable = true }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(dataDir);
  const lock = lockFolder(dir);
  try {
    const server = await startLocked(dir, durable);
    void server.ended.then(() => {
      lock.release();
    });
    return server;
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(dataDir: string, durable: boolean): Promise<EmbeddedPostgres> {
  const cluster = clusterFolder(dataDir);
  const user = serverUser(cluster);
  if (!canReach(user, dataDir)) throw unreachable(dataDir, user);
  const binaries = findBinaries(user, dataDir);
  const { password, isNew } = await prepareCluster({ dataDir, binaries, user, durable });
  await stopLeftover(cluster, binaries, user);
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const child = spawnServer({ dataDir, binaries, user, durable, port });
    const problem = await untilReady(child, cluster);
    if (problem === undefined)
      return { isNew, ...running(child, `postgres://${SUPERUSER}:${password}@127.0.0.1:${String(port)}/${DATABASE}`) };
    const log = join(dataDir, LOG_FILE);
    const reason = lastComplaint(log) ?? problem;
    if (tries >= START_TRIES || !PASSING.test(readFileSync(log, 'utf8'))) {
      throw new StartError(
        `embedded PostgreSQL did not start (${reason}): see ${log}, or set DATABASE_URL to a server of your own`,
      );
    }
    await sleep(RETRY_MS);
  }
}

interface Launch {
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly user: ServerUser;
  readonly durable: boolean;
  readonly port: number;
}

/** In a session of its own: Ctrl-C in the terminal must not stop the database under the last requests. */
function spawnServer({ dataDir, binaries, user, durable, port }: Launch): ChildProcess {
  const cluster = clusterFolder(dataDir);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
    shared_buffers: '256MB',
    timezone: 'UTC',
    shared_preload_libraries: 'pg_stat_statements',
    // Errors of statements reach the program that sent them; here they would only fill the disk.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const log = openLog(join(dataDir, LOG_FILE));
  try {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return spawn(binaries.path('postgres'), ['-D', cluster, ...args], {
      ...user,
      cwd: cluster,
      env: SERVER_ENV,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** One start's log and the one before: no more is kept. */
function openLog(path: string): number {
  if (existsSync(path)) renameSync(path, `${path}.old`);
  return openSync(path, 'w', PRIVATE_FILE);
}

/** Undefined once the server takes connections, else why it will not. */
async function untilReady(child: ChildProcess, cluster: string): Promise<string | undefined> {
  let failed: string | undefined;
  child.once('error', (error) => {
    failed = error.message;
  });
  child.once('exit', (code, signal) => {
    failed ??= `it ended with ${String(code ?? signal)}`;
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (failed === undefined && Date.now() < deadline) {
    const state = readPidFile(cluster);
    if (state?.ready && state.pid === child.pid) return undefined;
    await sleep(POLL_MS);
  }
  if (failed === undefined) child.kill('SIGQUIT');
  return failed ?? `it was not ready after ${String(READY_TIMEOUT_MS)} ms`;
}

function lastComplaint(log: string): string | undefined {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.findLast((line) => /(FATAL|PANIC): /.test(line))?.replace(/^.*?(FATAL|PANIC): +/, '');
}

function running(child: ChildProcess, url: string): Omit<EmbeddedPostgres, 'isNew'> {
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  // A fast stop: open transactions are rolled back. It also runs where this process ends without its own shutdown.
  const stopFast = (): void => {
    child.kill('SIGINT');
  };
  process.once('exit', stopFast);
  void ended.then(() => process.off('exit', stopFast));
  child.unref();
  const stop = async (): Promise<void> => {
    child.ref();
    stopFast();
    const inTime = await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
    if (!inTime) child.kill('SIGQUIT');
    await ended;
  };
  return { url, pid: child.pid ?? 0, ended, stop };
}
