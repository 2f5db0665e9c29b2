import { randomBytes } from 'node:crypto';

/** All of this program's objects, and nothing else of the store. */
export const OBJECT_PREFIX = 'files/';
const RANDOM_BYTES = 16;
const UUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
const OBJECT_KEY = new RegExp(`^files/(?<shopId>${UUID})/(?<id>${UUID})/[\\da-f]{32}$`);

/** Whose an object is. */
export interface FileRef {
  readonly shopId: string;
  readonly id: string;
}

/** A key that nobody can guess and that was never used: files/{shop}/{file}/{random}. Keys are in the order of shops and files. */
export function newObjectKey({ shopId, id }: FileRef): string {
  return `${OBJECT_PREFIX}${shopId}/${id}/${randomBytes(RANDOM_BYTES).toString('hex')}`;
}

/** Undefined for a key that was not made here. */
export function fileOfKey(key: string): FileRef | undefined {
  const { shopId, id } = OBJECT_KEY.exec(key)?.groups ?? {};
  return shopId === undefined || id === undefined ? undefined : { shopId, id };
}
