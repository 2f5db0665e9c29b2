import type { Readable } from 'node:stream';

/** Leave to put one object, once: exactly so many bytes, of this declared type, under this key, until then. */
export interface PutGrant {
  readonly key: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly expiresAt: Date;
}

/** What whoever has the grant sends: a PUT of the bytes to `url` with these headers, as they stand. */
export interface PresignedPut {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Leave to read one object. Grants that are alike give the same URL, so that what was fetched once need not be fetched again. */
export interface GetGrant {
  readonly key: string;
  readonly contentType: string;
  /** The Content-Disposition that it is served with. */
  readonly disposition: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export interface ObjectHead {
  readonly sizeBytes: number;
}

export interface ListedObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

export interface ListPage {
  /** Keys that begin with it. */
  readonly prefix: string;
  /** Keys behind this one only; undefined: from the first on. */
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Where objects lie. Keys consist of a-z, 0-9, "-" and "/". Every call ends within a time limit of the store's own, and rejects with a
 * StoreUnavailableError where the store does not answer or answers with a fault.
 */
export interface FileStore {
  /** A URL that takes one object and no other: a second use, another size or type, a later hour, a changed URL are refused by the store. */
  presignPut(grant: PutGrant): Promise<PresignedPut>;
  /** Asks nobody: it is made for many files at once. */
  presignGet(grant: GetGrant): Promise<string>;
  /** Undefined where there is none. */
  head(key: string): Promise<ObjectHead | undefined>;
  /** Undefined where there is none. The stream fails where the store stops to answer. */
  read(key: string): Promise<Readable | undefined>;
  /** Exactly `sizeBytes` bytes, or nothing is left under the key. Holds a few chunks at a time. */
  write(
    key: string,
    body: Readable | Buffer,
    object: { readonly sizeBytes: number; readonly contentType: string },
  ): Promise<void>;
  /**
   * Where there is none yet. False where there is one, which stays as it is: of several at once one gets true. A store that cannot tell takes the last
   * one, so that whoever needs to know reads afterwards what is there.
   */
  create(key: string, bytes: Buffer, contentType: string): Promise<boolean>;
  /** There may be none. Takes back the leave to put one there, where the store keeps such a thing. */
  remove(key: string): Promise<void>;
  /** In the order of their keys, byte by byte. Fewer than `limit`: there are no more. */
  list(page: ListPage): Promise<ListedObject[]>;
}

/** The store cannot be reached, is too slow, or is at fault: the same may succeed later. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
