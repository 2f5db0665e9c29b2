import Fastify from 'fastify';
import { randomUUID } from 'node:crypto';
import { createFileStore } from '../../../src/adapters/files/create-file-store.js';
import type { S3Settings } from '../../../src/adapters/files/s3-file-store.js';
import { FileIntake } from '../../../src/features/files/file-intake.js';
import { newObjectKey } from '../../../src/features/files/object-key.js';
import { fileEndpoint } from '../../../src/transport/file-endpoint.js';

export interface Question {
  readonly what: 'grant' | 'peak' | 'take';
  readonly sizeBytes?: number;
}

export interface Answer {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  /** By how much resident memory was above what it was before the step, at its highest. */
  readonly moreBytes?: number;
}

const SAMPLE_MS = 5;
const HOUR_MS = 3_600_000;
const contentType = 'text/csv';
const [, , , folder = '', s3 = 'null', collects = ''] = process.argv;
const settings = (JSON.parse(s3) as S3Settings | null) ?? undefined;
const opened = createFileStore({ s3: settings, folder, urlSecret: undefined, publicUrl: undefined });
const app = Fastify();
const { store, door } = opened;
if (door) await app.register(fileEndpoint(door));
opened.listensAt(await app.listen({ host: '127.0.0.1', port: 0 }));
const intake = new FileIntake(store);

const memory = { base: 0, peak: 0 };
setInterval(() => {
  if (collects !== '') global.gc?.();
  memory.peak = Math.max(memory.peak, process.memoryUsage.rss());
}, SAMPLE_MS);

/** A step begins. */
function begin(): void {
  global.gc?.();
  memory.base = process.memoryUsage.rss();
  memory.peak = memory.base;
}

const ref = { shopId: randomUUID(), id: randomUUID() };
let upload = { uploadKey: '', objectKey: '', thumbnailKey: null, name: 'list.csv', contentType, sizeBytes: 0 };

async function answer({ what, sizeBytes = 0 }: Question): Promise<Answer> {
  const expiresAt = new Date(Date.now() + HOUR_MS);
  if (what === 'grant') {
    upload = { ...upload, uploadKey: newObjectKey(ref), objectKey: newObjectKey(ref), sizeBytes };
    const { url, headers } = await store.presignPut({ key: upload.uploadKey, sizeBytes, contentType, expiresAt });
    begin();
    return { url, headers: { ...headers } };
  }
  if (what === 'peak') return { moreBytes: memory.peak - memory.base };
  begin();
  if (!(await intake.take(upload))) throw new Error('nothing was uploaded');
  const moreBytes = memory.peak - memory.base;
  const url = await store.presignGet({
    key: upload.objectKey,
    contentType,
    disposition: 'attachment',
    issuedAt: new Date(),
    expiresAt,
  });
  begin();
  return { url, moreBytes };
}

process.on('message', (question) => {
  void answer(question as Question).then((said) => process.send?.(said));
});
process.once('disconnect', () => {
  opened.close();
  process.exit();
});
process.send?.({});
