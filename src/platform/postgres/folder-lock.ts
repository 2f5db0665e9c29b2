import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.js';

const LOCK_FILE = 'lock';
const OWNER_FILE = 'owner.pid';
const SQLITE_BUSY = 5;
/** As root the folder must be entered (not listed) by the user that PostgreSQL runs as. */
const ROOT_FOLDER_MODE = 0o711;
const OWN_FOLDER_MODE = 0o700;

export interface FolderLock {
  release(): void;
}

/**
 * Makes the data folder and takes it for this process alone, or refuses with a StartError.
 * The lock is the operating system's own, held through SQLite (Node has no call for it): it goes when the process goes, however
 * that ends, so a kill -9 leaves nothing stale and a pid that is used again confuses nobody. The pid beside it is for the message.
 */
export function lockFolder(dir: string): FolderLock {
  makeFolder(dir);
  const database = takeLock(dir);
  writeFileSync(join(dir, OWNER_FILE), `${String(process.pid)}\n`);
  return {
    release: () => {
      database.close();
    },
  };
}

function makeFolder(dir: string): void {
  try {
    const made = mkdirSync(dir, { recursive: true });
    if (made !== undefined) chmodSync(dir, process.getuid?.() === 0 ? ROOT_FOLDER_MODE : OWN_FOLDER_MODE);
  } catch (error) {
    throw cannotWrite(dir, error);
  }
}

function takeLock(dir: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(dir, LOCK_FILE), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw new StartError(
        `${dir} is in use by a server that runs already${owner(dir)}: stop it, or set DATA_DIR to another folder`,
      );
    }
    throw cannotWrite(dir, error);
  }
}

function owner(dir: string): string {
  try {
    return ` (process ${readFileSync(join(dir, OWNER_FILE), 'utf8').trim()})`;
  } catch {
    return '';
  }
}

function cannotWrite(dir: string, error: unknown): StartError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StartError(`cannot write in ${dir} (${reason}): set DATA_DIR to a folder that this user may write in`);
}
