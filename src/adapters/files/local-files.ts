import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ListedObject, ListPage } from '../../features/files/file-store.port.js';

const KEY = /^[a-z\d-]+(?:\/[a-z\d-]+)*$/;
const MAX_KEY_LENGTH = 300;
/** What a process that was killed has left half written is removed once nobody can be writing it any more. */
const LEFTOVER_AGE_MS = 3_600_000;
const MAX_MOVES = 5;
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'];

/** Objects as files below one folder: whole or not there, and durable once a call has resolved. */
export class LocalFiles {
  private readonly objects: string;
  private readonly halfWritten: string;

  constructor(folder: string) {
    this.objects = join(folder, 'objects');
    this.halfWritten = join(folder, 'incoming');
  }

  /** Of processes that were killed while they wrote. */
  async removeLeftovers(now: Date): Promise<void> {
    for (const name of (await orAbsent(readdir(this.halfWritten))) ?? []) {
      const file = join(this.halfWritten, name);
      const found = await orAbsent(stat(file));
      if (found && now.getTime() - found.mtimeMs > LEFTOVER_AGE_MS) await rm(file, { force: true });
    }
  }

  /** Undefined where there is none. */
  async size(key: string): Promise<number | undefined> {
    return (await orAbsent(stat(this.pathOf(key))))?.size;
  }

  read(key: string): Readable {
    return createReadStream(this.pathOf(key));
  }

  /**
   * Takes the bytes as they come, as fast as the disk does. Whatever goes wrong, nothing is left. `claim` runs when all of them are on the disk and
   * before they are to be seen; where it rejects they never are.
   */
  async write(key: string, body: AsyncIterable<Buffer>, claim: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const path = this.pathOf(key);
    const unfinished = join(this.halfWritten, randomUUID());
    await mkdir(this.halfWritten, { recursive: true });
    try {
      const file = await open(unfinished, 'wx');
      await pipeline(body, file.createWriteStream({ flush: true }));
      await claim();
      await moved(unfinished, path);
      await synced(dirname(path));
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  /** False where there is one already: of several at once one is the first. */
  async create(key: string, bytes: Buffer): Promise<boolean> {
    const path = this.pathOf(key);
    const unfinished = join(this.halfWritten, randomUUID());
    await mkdir(this.halfWritten, { recursive: true });
    try {
      await writeFile(unfinished, bytes, { flag: 'wx', flush: true });
      await mkdir(dirname(path), { recursive: true });
      if (!(await isLinked(unfinished, path))) return false;
      await synced(dirname(path));
      return true;
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  /** Whether there was one; of two removals at once one was the first. */
  async remove(key: string): Promise<boolean> {
    const path = this.pathOf(key);
    const isRemoved = await orAbsent(unlink(path).then(() => true));
    // Its folder goes with the last one in it; one that another has just put something into stays.
    await rmdir(dirname(path)).catch(() => undefined);
    return isRemoved ?? false;
  }

  async list({ prefix, after, limit }: ListPage): Promise<ListedObject[]> {
    const found: ListedObject[] = [];
    for await (const key of this.keysBelow('', prefix, after)) {
      const file = await orAbsent(stat(this.pathOf(key)));
      if (file) found.push({ key, modifiedAt: file.mtime });
      if (found.length >= limit) break;
    }
    return found;
  }

  /** In the order of the keys; folders that hold none of those that are asked for are not opened. */
  private async *keysBelow(folder: string, prefix: string, after: string | undefined): AsyncGenerator<string> {
    const entries = (await orAbsent(readdir(join(this.objects, folder), { withFileTypes: true }))) ?? [];
    // As the keys are compared: "/" stands behind "-" and before letters and digits.
    const named = entries.map((entry) => ({ key: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, entry }));
    for (const { key, entry } of named.sort((a, b) => (a.key < b.key ? -1 : 1))) {
      if (entry.isDirectory()) {
        const mayHold = (text: string | undefined): boolean => text === undefined || text.startsWith(key) || key.startsWith(text);
        if (mayHold(prefix) && (after === undefined || key > after || after.startsWith(key)))
          yield* this.keysBelow(key, prefix, after);
        // What a desktop or a network's file system leaves (.DS_Store, .nfs…) is no object.
      } else if (entry.isFile() && isKey(key) && key.startsWith(prefix) && (after === undefined || key > after)) yield key;
    }
  }

  /** No key leads out of the folder. */
  private pathOf(key: string): string {
    if (!isKey(key)) throw new TypeError('This is no key of an object.');
    return join(this.objects, ...key.split('/'));
  }
}

function isKey(text: string): boolean {
  return KEY.test(text) && text.length <= MAX_KEY_LENGTH;
}

/** Into a folder that is made where it is missing, and that the removal of the last object in it may take away at the same time. */
async function moved(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(dirname(to), { recursive: true });
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || tries >= MAX_MOVES) throw error;
    }
  }
}

/** Whole at once, and never over what is there. Not every system has links: there a copy is begun where none is. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to).catch((error: unknown) => {
      if (!NO_LINKS.includes(codeOf(error))) throw error;
      return copyFile(from, to, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A name in a folder is on the disk once the folder is. Not every system opens folders. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch (error) {
    if (!['EPERM', 'EINVAL', 'EISDIR'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}

async function orAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
