import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  StoreUnavailableError,
  type FileStore,
  type GetGrant,
  type ListedObject,
  type ListPage,
  type ObjectHead,
  type PresignedPut,
  type PutGrant,
} from '../../features/files/file-store.port.js';
import { exactly, FileRequestError, tooLarge, wrongSize } from './byte-count.js';
import { LocalFiles } from './local-files.js';
import { UrlSigner } from './url-signature.js';

const MS_PER_S = 1_000;
const LET_GO_MS = 2_000;
const STATUS = { badRequest: 400, forbidden: 403, notFound: 404, conflict: 409, unavailable: 503 } as const;
/** How many uploads one process takes at once; each may fill the disk with a file that is not finished. */
export const MAX_UPLOADS_AT_ONCE = 32;
const RETRY_AFTER_SECONDS = 5;
/** Where the server answers for this store. */
export const FILES_PATH = '/files';

/** What came to one of this store's URLs. `body` is read by a PUT only. */
export interface FileRequest {
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly contentLength: number | undefined;
  readonly body: AsyncIterable<Buffer>;
}

export interface FileReply {
  readonly contentType: string;
  readonly disposition: string;
  readonly sizeBytes: number;
  /** How long a client may keep it: as long as its URL is good. */
  readonly maxAgeSeconds: number;
  readonly body: Readable;
}

export interface LocalFileStoreOptions {
  readonly folder: string;
  /** What URLs are signed with; asked for when the first one is. */
  readonly secret: () => Buffer;
  /** Of this server, as clients reach it, without a path: http://127.0.0.1:4000. */
  readonly origin: () => string;
  readonly now: () => Date;
}

/** Objects on this machine's disk, and the door behind the URLs that it gives out. */
export class LocalFileStore implements FileStore {
  private readonly files: LocalFiles;
  /** One empty object for each URL that may still put something: whoever takes it away has put. */
  private readonly grants: LocalFiles;
  /** The keys that something is put under just now. */
  /** By key: resolves when what is being received has come to its end. */
  private readonly receiving = new Map<string, Promise<undefined>>();
  private madeSigner: UrlSigner | undefined;

  constructor(private readonly options: LocalFileStoreOptions) {
    this.files = new LocalFiles(options.folder);
    this.grants = new LocalFiles(join(options.folder, 'grants'));
  }

  async presignPut({ key, sizeBytes, contentType, expiresAt }: PutGrant): Promise<PresignedPut> {
    await answered(this.grants.write(key, Readable.from([])));
    const parameters = { expires: seconds(expiresAt), size: String(sizeBytes), type: contentType };
    const headers = { 'content-type': contentType, 'content-length': String(sizeBytes) };
    return { url: this.urlOf(key, this.signer.queryOf({ method: 'PUT', key, parameters })), headers };
  }

  presignGet({ key, contentType, disposition, expiresAt }: GetGrant): Promise<string> {
    const parameters = { expires: seconds(expiresAt), type: contentType, disposition };
    return Promise.resolve(this.urlOf(key, this.signer.queryOf({ method: 'GET', key, parameters })));
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const sizeBytes = await answered(this.files.size(key));
    return sizeBytes === undefined ? undefined : { sizeBytes };
  }

  async read(key: string): Promise<Readable | undefined> {
    return (await this.head(key)) && this.files.read(key);
  }

  async write(key: string, body: Readable | Buffer, { sizeBytes }: { readonly sizeBytes: number }): Promise<void> {
    await this.files.write(key, exactly(sizeBytes, Buffer.isBuffer(body) ? Readable.from([body]) : body));
  }

  create(key: string, bytes: Buffer): Promise<boolean> {
    return answered(this.files.create(key, bytes));
  }

  async remove(key: string): Promise<void> {
    await answered(this.grants.remove(key));
    await answered(this.files.remove(key));
  }

  async list(page: ListPage): Promise<ListedObject[]> {
    // Who lists from the first on looks for what was left behind.
    if (page.after === undefined) {
      const now = this.options.now();
      await answered(Promise.all([this.files.removeLeftovers(now), this.grants.removeLeftovers(now)]));
    }
    return answered(this.files.list(page));
  }

  /**
   * Takes what is put to a URL of `presignPut`: counted while it streams to the disk, whether or not its length was declared, and to be seen
   * only when it was whole. Refuses with a FileRequestError, and then leaves nothing behind.
   */
  async receive(request: FileRequest): Promise<void> {
    const { size = '', type = '' } = this.genuine('PUT', request);
    const { key, contentLength, contentType } = request;
    const sizeBytes = Number(size);
    if (contentType !== type) throw new FileRequestError(STATUS.badRequest, `This URL takes a file that is sent as ${type}.`);
    if (contentLength !== undefined && contentLength > sizeBytes) throw tooLarge(sizeBytes);
    if (contentLength !== undefined && contentLength !== sizeBytes) throw wrongSize(sizeBytes);
    await this.untilLetGo(key);
    if (this.receiving.size >= MAX_UPLOADS_AT_ONCE) throw busy();
    const { promise, resolve: letGo } = Promise.withResolvers<undefined>();
    this.receiving.set(key, promise);
    try {
      if ((await this.grants.size(key)) === undefined) throw spent();
      await this.files.write(key, exactly(sizeBytes, request.body), async () => {
        if (!(await this.grants.remove(key))) throw spent();
      });
    } finally {
      this.receiving.delete(key);
      letGo(undefined);
    }
  }

  /** A phone whose connection broke tries again before the server has noticed: so it waits for a moment. Refuses while the URL is in use. */
  private async untilLetGo(key: string): Promise<void> {
    const earlier = this.receiving.get(key);
    if (earlier) await Promise.race([earlier, sleep(LET_GO_MS, undefined, { ref: false })]);
    if (this.receiving.has(key)) throw new FileRequestError(STATUS.conflict, 'This URL is being used: wait for the end of that.');
  }

  /** What a URL of `presignGet` shows. Refuses with a FileRequestError. */
  async serve(request: FileRequest): Promise<FileReply> {
    const { expires = '', type = '', disposition = '' } = this.genuine('GET', request);
    const sizeBytes = await this.files.size(request.key);
    if (sizeBytes === undefined) throw new FileRequestError(STATUS.notFound, 'There is no such file any more.');
    const maxAgeSeconds = Math.max(0, Number(expires) - Math.floor(this.options.now().getTime() / MS_PER_S));
    return { contentType: type, disposition, sizeBytes, maxAgeSeconds, body: this.files.read(request.key) };
  }

  private get signer(): UrlSigner {
    return (this.madeSigner ??= new UrlSigner(this.options.secret()));
  }

  private genuine(method: 'GET' | 'PUT', { key, parameters }: FileRequest): Readonly<Record<string, string>> {
    const { signature = '', ...signed } = parameters;
    if (!this.signer.isGenuine({ method, key, parameters: signed }, signature)) {
      throw new FileRequestError(STATUS.forbidden, 'This URL was not given out by this server, or has been changed.');
    }
    if (Number(signed.expires) * MS_PER_S <= this.options.now().getTime()) {
      throw new FileRequestError(STATUS.forbidden, 'This URL has expired: ask for a new one.');
    }
    return signed;
  }

  private urlOf(key: string, query: string): string {
    return `${this.options.origin()}${FILES_PATH}/${key}?${query}`;
  }
}

function busy(): FileRequestError {
  const message = `The server takes ${String(MAX_UPLOADS_AT_ONCE)} uploads already: try again in some seconds.`;
  return new FileRequestError(STATUS.unavailable, message, RETRY_AFTER_SECONDS);
}

function spent(): FileRequestError {
  return new FileRequestError(STATUS.conflict, 'This URL was used already, or its upload is over: start another upload.');
}

function seconds(instant: Date): string {
  return String(Math.floor(instant.getTime() / MS_PER_S));
}

/** What the disk says in the store's terms. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new StoreUnavailableError('The folder of files cannot be used.', { cause: error });
  }
}
