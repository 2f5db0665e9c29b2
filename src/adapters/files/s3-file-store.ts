import { Client } from 'minio';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
import { exactly } from './byte-count.js';
import { S3Connection, type S3TimeLimits } from './s3-connection.js';
import { s3PutUrl, secondsUntil } from './s3-put-url.js';

export const S3_TIME_LIMITS: S3TimeLimits = { idleTimeoutMs: 10_000, totalTimeoutMs: 120_000 };
const OK = 200;
/** There is one, or another is being put at this moment. */
const THERE_ALREADY: readonly number[] = [412, 409];
const NOT_IMPLEMENTED = 501;
const ABSENT: readonly unknown[] = ['NotFound', 'NoSuchKey'];
const ALREADY_THERE: readonly unknown[] = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'];
const OWN_WRITE_SECONDS = 3_600;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

type PutHeaders = Readonly<Record<string, string>> & { readonly 'content-length': string };

export interface S3Settings {
  /** http://host:port, as this server reaches it. */
  readonly endpoint: string;
  /** As clients reach it, where they do so by another name. */
  readonly publicEndpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Objects in one bucket of a server that speaks S3, addressed by path (http://host/bucket/key). */
export class S3FileStore implements FileStore {
  private readonly client: Client;
  /** Only signs. */
  private readonly publicClient: Client;
  private readonly connection: S3Connection;
  private bucketFound: Promise<void> | undefined;

  constructor(
    private readonly settings: S3Settings,
    private readonly now: () => Date,
    limits: S3TimeLimits = S3_TIME_LIMITS,
  ) {
    this.connection = new S3Connection(new URL(settings.endpoint).protocol === 'https:', limits);
    this.client = this.clientFor(settings.endpoint);
    this.publicClient = this.clientFor(settings.publicEndpoint);
  }

  /**
   * The size and the type are enforced by the server, as headers that are signed; a second use by If-None-Match, which is signed too, where the
   * server knows it (AWS, MinIO, Ceph). On one that does not, a second put replaces what nobody reads any more once the upload is complete.
   */
  async presignPut({ key, sizeBytes, contentType, expiresAt }: PutGrant): Promise<PresignedPut> {
    await this.bucket();
    const headers = { 'content-type': contentType, 'content-length': String(sizeBytes), 'if-none-match': '*' };
    return { url: this.putUrl(this.settings.publicEndpoint, key, { headers, expiresAt }), headers };
  }

  presignGet({ key, contentType, disposition, issuedAt, expiresAt }: GetGrant): Promise<string> {
    const shown = { 'response-content-type': contentType, 'response-content-disposition': disposition };
    const seconds = secondsUntil(expiresAt, issuedAt);
    return this.publicClient.presignedGetObject(this.settings.bucket, key, seconds, shown, issuedAt);
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const found = await orAbsent(this.client.statObject(this.settings.bucket, key));
    return found && { sizeBytes: found.size };
  }

  async read(key: string): Promise<Readable | undefined> {
    const found = await orAbsent(this.client.getObject(this.settings.bucket, key));
    return found && Readable.from(failing(found, unavailable), { objectMode: false });
  }

  async write(
    key: string,
    body: Readable | Buffer,
    { sizeBytes, contentType }: { readonly sizeBytes: number; readonly contentType: string },
  ): Promise<void> {
    const status = await this.put(key, body, { 'content-type': contentType, 'content-length': String(sizeBytes) });
    if (status !== OK) throw refused(status);
  }

  /** By If-None-Match, as far as the server knows it: one that does not ignores it, or says so, and takes the last of several. */
  async create(key: string, bytes: Buffer, contentType: string): Promise<boolean> {
    const headers = { 'content-type': contentType, 'content-length': String(bytes.length) };
    const status = await this.put(key, bytes, { ...headers, 'if-none-match': '*' });
    if (THERE_ALREADY.includes(status)) return false;
    if (status === NOT_IMPLEMENTED) await this.write(key, bytes, { sizeBytes: bytes.length, contentType });
    else if (status !== OK) throw refused(status);
    return true;
  }

  /** One request, whatever the size: the client library would hold an object in memory, or send it in parts. Gives the status of the answer. */
  private async put(key: string, body: Readable | Buffer, headers: PutHeaders): Promise<number> {
    await this.bucket();
    const expiresAt = new Date(this.now().getTime() + OWN_WRITE_SECONDS * 1_000);
    const url = new URL(this.putUrl(this.settings.endpoint, key, { headers, expiresAt }));
    const sent = this.connection.request({ ...urlParts(url), method: 'PUT', headers });
    const replied = once(sent, 'response') as Promise<[IncomingMessage]>;
    // What is wrong with the body is said as it is; all else is the store's.
    let fault: Error | undefined;
    const watched = failing(
      exactly(Number(headers['content-length']), Buffer.isBuffer(body) ? Readable.from([body]) : body),
      (error) => (fault = error as Error),
    );
    const [[reply]] = await Promise.all([replied, pipeline(watched, sent)]).catch((error: unknown) => {
      sent.destroy();
      throw fault ?? unavailable(error);
    });
    reply.resume();
    return reply.statusCode ?? 0;
  }

  async remove(key: string): Promise<void> {
    await orAbsent(this.client.removeObject(this.settings.bucket, key));
  }

  async list({ prefix, after, limit }: ListPage): Promise<ListedObject[]> {
    await this.bucket();
    const page = this.client.listObjectsV2Query(this.settings.bucket, prefix, '', '', limit, after ?? '');
    const { objects } = (await answered(page)) as { objects: { name?: string; lastModified?: Date }[] };
    return objects.flatMap(({ name, lastModified }) => (name && lastModified ? [{ key: name, modifiedAt: lastModified }] : []));
  }

  close(): void {
    this.connection.close();
  }

  /** Made when it is first needed, not at the start: a store that is down must not keep the shop from opening. */
  private bucket(): Promise<void> {
    this.bucketFound ??= answered(this.findOrMakeBucket()).catch((error: unknown) => {
      this.bucketFound = undefined;
      throw error;
    });
    return this.bucketFound;
  }

  private async findOrMakeBucket(): Promise<void> {
    const { bucket, region } = this.settings;
    if (await this.client.bucketExists(bucket)) return;
    await this.client.makeBucket(bucket, region).catch((error: unknown) => {
      if (!ALREADY_THERE.includes(codeOf(error))) throw error;
    });
  }

  private putUrl(
    origin: string,
    key: string,
    { headers, expiresAt }: { headers: Readonly<Record<string, string>>; expiresAt: Date },
  ): string {
    const now = this.now();
    const put = { origin, bucket: this.settings.bucket, key, headers, lifetimeSeconds: secondsUntil(expiresAt, now) };
    return s3PutUrl(this.settings, put, now);
  }

  private clientFor(endpoint: string): Client {
    const { protocol, hostname, port } = new URL(endpoint);
    const { region, accessKey, secretKey } = this.settings;
    const transport = { request: this.connection.request.bind(this.connection) };
    return new Client({
      endPoint: hostname,
      port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port),
      useSSL: protocol === 'https:',
      ...{ region, accessKey, secretKey },
      pathStyle: true,
      transport: transport as never,
      // Whoever asks decides whether it is asked again.
      retryOptions: { disableRetry: true },
    });
  }
}

function urlParts({ protocol, hostname, port, pathname, search }: URL) {
  return { protocol, hostname, port, path: `${pathname}${search}` };
}

/** Passes on what comes, and a failure as `as` makes it. */
async function* failing(body: AsyncIterable<Buffer>, as: (error: unknown) => Error): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw as(error);
  }
}

async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (ABSENT.includes(codeOf(error))) return undefined;
    throw unavailable(error);
  }
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw unavailable(error);
  }
}

function refused(status: number): StoreUnavailableError {
  return unavailable(new Error(`PUT was answered with ${String(status)}`));
}

function unavailable(error: unknown): StoreUnavailableError {
  return new StoreUnavailableError('The store of files does not answer as it should.', { cause: error });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
