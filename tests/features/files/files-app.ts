import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { App } from '../../../src/app.js';
import type { FileStore } from '../../../src/features/files/index.js';
import { MARKER_KEY } from '../../../src/features/files/store-owner.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { appClient, createTestApp, testConfig } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { startS3, type S3Server } from '../../support/s3-server.js';

export interface Put {
  readonly id: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

export interface FileReply {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly url: string | null;
  readonly thumbnailUrl: string | null;
}

export interface Declared {
  readonly kind?: 'PHOTO' | 'ATTACHMENT';
  readonly name?: string;
  readonly contentType: string;
  readonly sizeBytes?: number;
}

const START = `mutation ($input: FileUploadInput!) {
  fileUploadStart(input: $input) { upload { id url headers { name value } } userErrors { code message path } }
}`;
const FILE = 'id name contentType sizeBytes url thumbnailUrl';
const COMPLETE = `mutation ($id: ID!) { fileUploadComplete(id: $id) { file { ${FILE} } userErrors { code message path } } }`;
const DELETE = 'mutation ($id: ID!) { fileDelete(id: $id) { deletedId userErrors { code message path } } }';
const FILES = `query ($id: ID!) { stockItem(by: { id: $id }) { photoUrl files { kind createdAt ${FILE} } } }`;

/** A shop that keeps files, as its client sees it. */
export class FilesShop {
  private constructor(
    readonly client: GraphQLClient,
    readonly shopId: string,
    readonly secret: string,
    readonly item: string,
  ) {}

  static async open(app: App, name = 'Files'): Promise<FilesShop> {
    const { shops, items } = app.services;
    const { actor, secret } = await shops.create({ name, currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
    const item = await items.create(actor, { sku: 'BREAD', name: 'Bread' });
    return new FilesShop(appClient(app, secret), actor.shopId, secret, toGlobalId('StockItem', item.id));
  }

  async start(bytes: Uint8Array, { kind = 'ATTACHMENT', name = 'file', contentType, sizeBytes = bytes.length }: Declared) {
    const input = { stockItem: { id: this.item }, kind, name, contentType, sizeBytes };
    const { fileUploadStart } = await this.client<{ fileUploadStart: { upload: Put | null; userErrors: Refusal[] } }>(START, {
      input,
    });
    return fileUploadStart;
  }

  async complete(id: string) {
    const { fileUploadComplete } = await this.client<{ fileUploadComplete: { file: FileReply | null; userErrors: Refusal[] } }>(
      COMPLETE,
      { id },
    );
    return fileUploadComplete;
  }

  async delete(id: string) {
    const { fileDelete } = await this.client<{ fileDelete: { deletedId: string | null; userErrors: Refusal[] } }>(DELETE, { id });
    return fileDelete;
  }

  /** Leave to upload, which must be given. */
  async granted(bytes: Uint8Array, declared: Declared): Promise<Put> {
    const { upload, userErrors } = await this.start(bytes, declared);
    if (!upload) throw new Error(JSON.stringify(userErrors));
    return upload;
  }

  /** Start, PUT and complete. */
  async upload(bytes: Uint8Array, declared: Declared) {
    const granted = await this.granted(bytes, declared);
    const status = await put(granted, new Blob([bytes as Uint8Array<ArrayBuffer>]));
    if (status >= 300) throw new Error(`PUT was answered with ${String(status)}`);
    return this.complete(granted.id);
  }

  /** As `upload`; it must succeed. */
  async kept(bytes: Uint8Array, declared: Declared): Promise<FileReply> {
    const { file, userErrors } = await this.upload(bytes, declared);
    if (!file) throw new Error(JSON.stringify(userErrors));
    return file;
  }

  async files(): Promise<{ photoUrl: string | null; files: FileReply[] }> {
    const { stockItem } = await this.client<{ stockItem: { photoUrl: string | null; files: FileReply[] } }>(FILES, {
      id: this.item,
    });
    return stockItem;
  }
}

/** Gives the status. */
export async function put({ url, headers }: Put, body: BodyInit): Promise<number> {
  const sent = headers
    .filter(({ name }) => name !== 'content-length')
    .map(({ name, value }) => [name, value] as [string, string]);
  const response = await fetch(url, {
    method: 'PUT',
    headers: sent,
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** The whole program, listening, with its files on the disk or in S3. */
export class FilesApp {
  private constructor(
    readonly app: App,
    readonly database: TestDatabase,
    readonly store: FileStore,
    readonly s3: S3Server | undefined,
  ) {}

  static async open(place: 'disk' | 'S3', env: Record<string, string> = {}): Promise<FilesApp> {
    const database = await createTestDatabase();
    const s3 = place === 'S3' ? await startS3() : undefined;
    const config = testConfig({ DATA_DIR: mkdtempSync(join(inject('scratchDir'), 'app-')), ...(s3 && envOf(s3)), ...env });
    const app = await createTestApp(database, { config });
    await app.listen();
    return new FilesApp(app, database, app.services.files.store, s3);
  }

  /** All objects that lie in the store, but for its marker. */
  async objects(): Promise<string[]> {
    const all = await this.store.list({ prefix: '', after: undefined, limit: 1000 });
    return all.map(({ key }) => key).filter((key) => key !== MARKER_KEY);
  }

  /** All rows, those of unfinished uploads too. */
  async rows(): Promise<Record<string, unknown>[]> {
    return this.database.orm.em.fork().execute('select * from stored_file order by id');
  }

  sweep() {
    return this.app.services.files.sweep.run(new AbortController().signal);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.s3?.stop();
    await this.database.drop();
  }
}

function envOf({ settings }: S3Server): Record<string, string> {
  return {
    S3_ENDPOINT: settings.endpoint,
    S3_BUCKET: settings.bucket,
    S3_ACCESS_KEY: settings.accessKey,
    S3_SECRET_KEY: settings.secretKey,
  };
}
