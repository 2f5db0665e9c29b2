import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';

const TEXT = { kind: 'ATTACHMENT', contentType: 'text/plain' } as const;

/** A document of the item that can be read, and one that was uploaded and not completed; their global ids. */
export async function openFiles({ services }: Pick<App, 'services'>, actor: Actor, item: { id: string; name: string }) {
  const { service, store } = services.files;
  const bytes = Buffer.from(`of ${item.name}`);
  const upload = async (name: string) => {
    const { file } = await service.start(actor, { ...TEXT, stockItem: { id: item.id }, name, sizeBytes: bytes.length });
    await store.write(file.uploadKey ?? '', bytes, { sizeBytes: bytes.length, contentType: TEXT.contentType });
    return file;
  };
  const file = await service.complete(actor, await upload(`${item.name} kept.txt`));
  const begun = await upload(`${item.name} begun.txt`);
  return { file: toGlobalId('StoredFile', file.id), upload: toGlobalId('StoredFile', begun.id) };
}
