import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.js';

/** Whom PostgreSQL runs as: empty for the user that runs this process. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const ROOT = 0;
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. As root it runs as the owner of a cluster that exists, else as `postgres` or `nobody`.
 * Not as root, a cluster that belongs to somebody else is refused.
 */
export function serverUser(clusterDir: string): ServerUser {
  const own = process.getuid?.();
  if (own === undefined) return {};
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (own !== ROOT) {
    if (owner && owner.uid !== own) {
      throw new StartError(
        `${clusterDir} belongs to another user (uid ${String(owner.uid)}): start as that user, or set DATA_DIR to another folder`,
      );
    }
    return {};
  }
  if (owner && owner.uid !== ROOT) return { uid: owner.uid, gid: owner.gid };
  return unprivilegedUser();
}

function unprivilegedUser(): ServerUser {
  for (const name of UNPRIVILEGED_USERS) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new StartError(
    'PostgreSQL does not run as root, and there is no user postgres or nobody: start as another user, or set DATABASE_URL',
  );
}

/** Whether that user can enter (a folder) or run (a file) at this path: every folder above it counts. */
export function canReach(user: ServerUser, path: string): boolean {
  if (user.uid === undefined) return true;
  return spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0;
}

/** Hands a tree to that user; does nothing where this process runs PostgreSQL as itself. */
export function giveTo({ uid, gid }: ServerUser, path: string): void {
  if (uid === undefined || gid === undefined) return;
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chownSync(path, uid, gid);
  if (entry.isDirectory()) for (const name of readdirSync(path)) giveTo({ uid, gid }, join(path, name));
}
