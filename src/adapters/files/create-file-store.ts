import { join } from 'node:path';
import type { FileStore } from '../../features/files/file-store.port.js';
import { LocalFileStore } from './local-file-store.js';
import { S3FileStore, type S3Settings } from './s3-file-store.js';
import { urlSecret } from './url-secret.js';

export interface FileStoreOptions {
  /** Undefined: the local disk. */
  readonly s3: S3Settings | undefined;
  /** Where the local disk's files lie. */
  readonly folder: string;
  readonly urlSecret: string | undefined;
  /** Where clients reach this server. Undefined: where it is found to listen. */
  readonly publicUrl: string | undefined;
}

export interface OpenedFileStore {
  readonly store: FileStore;
  /** What answers at this server's own URLs of files; undefined where the store has a server of its own. */
  readonly door: LocalFileStore | undefined;
  /** Where this server listens, once it does. */
  listensAt(url: string): void;
  close(): void;
}

const now = (): Date => new Date();

/** The store that is configured. Nothing is asked and nothing is written yet. */
export function createFileStore({ s3, folder, urlSecret: setting, publicUrl }: FileStoreOptions): OpenedFileStore {
  if (s3) {
    const store = new S3FileStore(s3, now);
    return {
      store,
      door: undefined,
      listensAt: () => undefined,
      close: () => {
        store.close();
      },
    };
  }
  let origin = publicUrl ?? '';
  const secret = () => urlSecret(setting, join(folder, 'url-secret'));
  const store = new LocalFileStore({ folder, secret, origin: () => origin, now });
  return { store, door: store, listensAt: (url) => void (origin = publicUrl ?? url), close: () => undefined };
}
