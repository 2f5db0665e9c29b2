import type { Clock } from '../../kernel/clock.js';
import { dispositionOf } from './file-name.js';
import type { FileStore } from './file-store.port.js';
import { isImage, servedType } from './file-types.js';
import type { StoredFile } from './stored-file.entity.js';

/** Within it a file has one URL, so that a client that asks again need not fetch again. */
const WINDOW_MS = 1_800_000;
/** From the beginning of its window on: a URL that was just given is good for an hour and a half at the least. */
const LIFETIME_MS = 7_200_000;

/** URLs that show files to whoever has them, for a while. */
export class FileUrls {
  constructor(
    private readonly store: FileStore,
    private readonly clock: Clock,
  ) {}

  /** Null where the store does not have it. */
  async of(file: StoredFile): Promise<string | null> {
    return file.isThere() && file.objectKey !== null ? this.presign(file, file.objectKey) : null;
  }

  /** Null for what is no image, too. */
  async thumbnailOf(file: StoredFile): Promise<string | null> {
    return file.isThere() && file.thumbnailKey !== null ? this.presign(file, file.thumbnailKey) : null;
  }

  private presign({ name, contentType }: StoredFile, key: string): Promise<string> {
    const issuedAt = new Date(Math.floor(this.clock.now().getTime() / WINDOW_MS) * WINDOW_MS);
    const expiresAt = new Date(issuedAt.getTime() + LIFETIME_MS);
    const disposition = dispositionOf(name, isImage(contentType));
    return this.store.presignGet({ key, contentType: servedType(contentType), disposition, issuedAt, expiresAt });
  }
}
