import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.js';
import type { Binaries } from './binaries.js';
import { run } from './run.js';
import { canReach, giveTo, type ServerUser } from './server-user.js';

export const SUPERUSER = 'stockroom';
export const DATABASE = 'stockroom';
const CLUSTER_FOLDER = 'pg';
const HALF_MADE = 'pg.half-';
const PASSWORD_FILE = 'stockroom.password';
const PASSWORD_BYTES = 24;
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const REMOVE_TRIES = 5;

export function clusterFolder(dataDir: string): string {
  return join(dataDir, CLUSTER_FOLDER);
}

interface ClusterPlace {
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly user: ServerUser;
  readonly durable: boolean;
}

export interface Cluster {
  readonly password: string;
  /** Made just now: nothing is in it. */
  readonly isNew: boolean;
}

/**
 * The cluster, after making the cluster where there is none. It is made in a folder beside and renamed when whole, so a start
 * that is cut short leaves only a half folder, which the next one removes. The password lies inside, so that one rename brings both.
 */
export async function prepareCluster(place: ClusterPlace): Promise<Cluster> {
  const cluster = clusterFolder(place.dataDir);
  removeHalfMade(place.dataDir);
  const isNew = !existsSync(join(cluster, PASSWORD_FILE));
  if (isNew) await makeCluster(place);
  if (place.user.uid !== undefined && statSync(cluster).uid !== place.user.uid) giveTo(place.user, cluster);
  return { password: readPassword(cluster), isNew };
}

export function readPassword(cluster: string): string {
  return readFileSync(join(cluster, PASSWORD_FILE), 'utf8').trim();
}

function removeHalfMade(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith(HALF_MADE))) {
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: REMOVE_TRIES });
  }
}

async function makeCluster(place: ClusterPlace): Promise<void> {
  const { dataDir, user } = place;
  const cluster = clusterFolder(dataDir);
  if (existsSync(cluster) && readdirSync(cluster).length > 0) {
    throw new StartError(`${cluster} holds files that this server did not make: move it away, or set DATA_DIR to another folder`);
  }
  const half = mkdtempSync(join(dataDir, HALF_MADE));
  const made = join(half, 'data');
  const passwordFile = join(half, PASSWORD_FILE);
  mkdirSync(made, { mode: PRIVATE_FOLDER });
  writeFileSync(passwordFile, `${randomBytes(PASSWORD_BYTES).toString('hex')}\n`, { mode: PRIVATE_FILE });
  giveTo(user, half);
  if (!canReach(user, made)) throw unreachable(dataDir, user);
  await initialise(place, made, passwordFile);
  renameSync(passwordFile, join(made, PASSWORD_FILE));
  rmSync(cluster, { recursive: true, force: true });
  renameSync(made, cluster);
  rmSync(half, { recursive: true, force: true });
}

export function unreachable(dataDir: string, user: ServerUser): StartError {
  return new StartError(
    `PostgreSQL runs as uid ${String(user.uid)} and cannot reach ${dataDir}, since a folder above it is closed to others: ` +
      'set DATA_DIR to a folder that it can reach, such as /var/lib/stockroom',
  );
}

async function initialise(place: ClusterPlace, dir: string, passwordFile: string): Promise<void> {
  const { binaries, user } = place;
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=und'];
  const access = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const sync = place.durable ? [] : ['--no-sync'];
  check('initdb', await run(binaries.path('initdb'), ['-D', dir, ...locale, ...access, ...sync, '--no-instructions'], { user }));
  // A server for one user and no network, so that the database, too, is there before the folder gets its name.
  const args = ['--single', '-D', dir, 'postgres'];
  check('create database', await run(binaries.path('postgres'), args, { user, input: `create database ${DATABASE};\n` }));
}

function check(what: string, { status, output }: { status: number | null; output: string }): void {
  if (status === 0 && !/^(ERROR|FATAL|PANIC):|: (ERROR|FATAL|PANIC): /m.test(output)) return;
  throw new Error(`${what} failed (${String(status)}): ${output.trim().slice(-2_000)}`);
}
