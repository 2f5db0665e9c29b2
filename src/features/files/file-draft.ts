import { InvalidError } from '../../kernel/errors.js';
import type { ItemRef } from '../catalog/index.js';
import { cleanFileName } from './file-name.js';
import { bareType, TYPES_OF_KIND, type FileKind } from './file-types.js';

const BYTES_PER_MB = 1_048_576;

/** What a client says of a file that it is about to send. */
export interface FileDraft {
  readonly stockItem: ItemRef;
  readonly kind: FileKind;
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** How large a file of each kind may be. */
export type FileLimits = Readonly<Record<FileKind, number>>;

/** Refuses (INVALID) at the field a name, a type or a size that no file of the kind has. Nothing of it is believed once the file is there. */
export function checkDraft(draft: FileDraft, limits: FileLimits): Pick<FileDraft, 'kind' | 'name' | 'contentType' | 'sizeBytes'> {
  const { kind, sizeBytes } = draft;
  const name = cleanFileName(draft.name, ['name']);
  const contentType = bareType(draft.contentType);
  const types = TYPES_OF_KIND[kind];
  if (!types.includes(contentType)) {
    throw new InvalidError(`${kind === 'PHOTO' ? 'A photo' : 'An attachment'} is one of ${types.join(', ')}.`, ['contentType']);
  }
  const maxBytes = limits[kind];
  if (sizeBytes < 1) throw new InvalidError('A file has at least one byte.', ['sizeBytes']);
  if (sizeBytes > maxBytes) {
    const most = `${String(maxBytes)} bytes (${(maxBytes / BYTES_PER_MB).toFixed(1)} MiB)`;
    throw new InvalidError(`${kind === 'PHOTO' ? 'A photo' : 'An attachment'} has at most ${most}.`, ['sizeBytes']);
  }
  return { kind, name, contentType, sizeBytes };
}
