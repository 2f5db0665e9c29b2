import { Readable } from 'node:stream';
import { RequestError } from '../../kernel/errors.js';
import { contentError } from './content/content-error.js';
import { checkType, HEAD_BYTES } from './content/detect-type.js';
import { checkedDocument } from './content/document.js';
import { drawAnew } from './content/image.js';
import { LineFullError, Turns } from './content/turns.js';
import type { FileStore } from './file-store.port.js';
import { isImage, withExtension } from './file-types.js';
import { fileOfKey } from './object-key.js';
import type { CheckedFile, FinalKeys } from './stored-file.entity.js';

/** Each may hold an image as it came. */
const AT_ONCE = 4;
const IN_LINE = 32;
/** Of a shop, beside the one that is looked at: it waits behind itself, and the others do not. */
const IN_LINE_EACH = 8;

/** An upload that is to be checked, and where it goes. */
export interface Upload extends FinalKeys {
  readonly uploadKey: string;
  readonly name: string;
  /** As they were declared. */
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** Looks at what was uploaded, and keeps what may be kept under other keys. Touches the store and no database. */
export class FileIntake {
  private readonly turns = new Turns(AT_ONCE, IN_LINE, IN_LINE_EACH);

  constructor(private readonly store: FileStore) {}

  /**
   * Undefined where nothing was uploaded. Refuses (INVALID) what is not what was declared. What is kept is what was checked, byte for byte, also
   * where somebody uploads again meanwhile. Refuses (RequestError TOO_MANY_REQUESTS) where too many are being looked at.
   */
  async take(upload: Upload): Promise<CheckedFile | undefined> {
    try {
      return await this.turns.take(fileOfKey(upload.objectKey)?.shopId, () => this.check(upload));
    } catch (error) {
      if (!(error instanceof LineFullError)) throw error;
      throw new RequestError('TOO_MANY_REQUESTS', 'Too many files are being looked at: try again in some seconds.');
    }
  }

  private async check(upload: Upload): Promise<CheckedFile | undefined> {
    const head = await this.store.head(upload.uploadKey);
    if (!head) return undefined;
    if (head.sizeBytes !== upload.sizeBytes) {
      throw contentError(`${String(upload.sizeBytes)} bytes were declared, and ${String(head.sizeBytes)} were uploaded.`);
    }
    const body = await this.store.read(upload.uploadKey);
    if (!body) return undefined;
    try {
      return isImage(upload.contentType) ? await this.keepImage(upload, body) : await this.keepDocument(upload, body);
    } finally {
      body.destroy();
    }
  }

  private async keepImage(upload: Upload, body: Readable): Promise<CheckedFile> {
    const bytes = await collected(body, upload.sizeBytes);
    await checkType(bytes.subarray(0, HEAD_BYTES), upload.contentType);
    const { image, thumbnail } = await drawAnew(bytes);
    const { objectKey, thumbnailKey } = upload;
    await this.store.write(objectKey, image.bytes, { sizeBytes: image.bytes.length, contentType: image.contentType });
    if (thumbnailKey !== null) {
      await this.store.write(thumbnailKey, thumbnail.bytes, {
        sizeBytes: thumbnail.bytes.length,
        contentType: thumbnail.contentType,
      });
    }
    return checkedFile(upload, image.contentType, image.bytes.length);
  }

  private async keepDocument(upload: Upload, body: Readable): Promise<CheckedFile> {
    const { contentType, sizeBytes } = upload;
    await this.store.write(upload.objectKey, Readable.from(checkedDocument(body, contentType), { objectMode: false }), {
      contentType,
      sizeBytes,
    });
    return checkedFile(upload, contentType, sizeBytes);
  }
}

function checkedFile({ objectKey, thumbnailKey, name }: Upload, contentType: string, sizeBytes: number): CheckedFile {
  return { objectKey, thumbnailKey, name: withExtension(name, contentType), contentType, sizeBytes };
}

/** No more than was declared, whatever the store sends. */
async function collected(body: Readable, sizeBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let count = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    count += chunk.length;
    if (count > sizeBytes) throw contentError('More was uploaded than was declared.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
