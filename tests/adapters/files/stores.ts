import Fastify from 'fastify';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { LocalFileStore } from '../../../src/adapters/files/local-file-store.js';
import { S3FileStore } from '../../../src/adapters/files/s3-file-store.js';
import type { FileStore } from '../../../src/features/files/file-store.port.js';
import { fileEndpoint } from '../../../src/transport/file-endpoint.js';
import { startS3 } from '../../support/s3-server.js';

export interface OpenedStore {
  readonly store: FileStore;
  close(): Promise<void>;
}

const SECRET = Buffer.from('a secret of the tests, and no other');

/** The disk, behind the server's own endpoint. `now` can be set for what looks at it. */
export async function openLocalStore(
  now = () => new Date(),
): Promise<OpenedStore & { readonly store: LocalFileStore; readonly folder: string }> {
  const folder = mkdtempSync(join(inject('scratchDir'), 'files-'));
  const app = Fastify({ forceCloseConnections: true });
  const at = { origin: '' };
  const store = new LocalFileStore({ folder, secret: () => SECRET, origin: () => at.origin, now });
  await app.register(fileEndpoint(store));
  at.origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { store, folder, close: () => app.close() };
}

/** A bucket of its own. */
export async function openS3Store(now = () => new Date()): Promise<OpenedStore> {
  const server = await startS3();
  const store = new S3FileStore(server.settings, now);
  const close = async (): Promise<void> => {
    store.close();
    await server.stop();
  };
  return { store, close };
}

/** As the room makes them. */
export function newKey(shop: string = randomUUID()): string {
  return `files/${shop}/${randomUUID()}/${randomUUID().replaceAll('-', '')}`;
}
