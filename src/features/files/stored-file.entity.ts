import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Principal, Shop } from '../access/index.js';
import { StockItem } from '../catalog/index.js';
import type { FileKind } from './file-types.js';

/** Photos and attachments of one item together, unfinished uploads too. */
export const MAX_FILES_PER_ITEM = 20;

const StoredFileSchema = defineEntity({
  name: 'StoredFile',
  tableName: 'stored_file',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    stockItem: () =>
      p
        .manyToOne(StockItem)
        .joinColumns('shop_id', 'stock_item_id')
        .ownColumns('stock_item_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    /** From 1 to MAX_FILES_PER_ITEM, each once in an item: so there cannot be more. */
    slot: p.integer(),
    kind: p.text().$type<FileKind>(),
    name: p.text(),
    /** As it was declared; once the file is ready, what it is. */
    contentType: p.text(),
    /** As it was declared; once the file is ready, what is kept. */
    sizeBytes: p.integer(),
    /** Where the client puts its bytes; null once the file is ready. */
    uploadKey: p.text().nullable(),
    /** Where what was checked lies, or will lie. A new one for each try. */
    objectKey: p.text().nullable(),
    thumbnailKey: p.text().nullable(),
    actor: () =>
      p
        .manyToOne(Principal)
        .joinColumns('shop_id', 'actor_id')
        .ownColumns('actor_id')
        .deleteRule('restrict')
        .updateRule('restrict')
        .index(false),
    createdAt: instantColumn(),
    /** Until when its upload is taken. */
    expiresAt: instantColumn(),
    /** Since when somebody checks what was uploaded. */
    claimedAt: instantColumn().nullable(),
    readyAt: instantColumn().nullable(),
    /** Since when the store is known not to have it. */
    missingAt: instantColumn().nullable(),
  },
  uniques: [{ name: 'stored_file_slot_unique', properties: ['shopId', 'stockItem', 'slot'] }],
  indexes: [{ name: 'stored_file_unfinished_index', properties: ['expiresAt'], where: 'ready_at is null' }],
  checks: [
    { name: 'stored_file_slot_check', expression: `slot >= 1 and slot <= ${String(MAX_FILES_PER_ITEM)}` },
    { name: 'stored_file_kind_check', expression: "kind in ('PHOTO', 'ATTACHMENT')" },
    { name: 'stored_file_name_check', expression: "name <> ''" },
    { name: 'stored_file_size_check', expression: 'size_bytes > 0' },
    { name: 'stored_file_upload_check', expression: '(ready_at is null) = (upload_key is not null)' },
    { name: 'stored_file_ready_check', expression: 'ready_at is null or object_key is not null' },
    { name: 'stored_file_claim_check', expression: 'claimed_at is null or object_key is not null' },
  ],
});

/** Where a try to check an upload puts what it has checked. */
export interface FinalKeys {
  readonly objectKey: string;
  readonly thumbnailKey: string | null;
}

/** What a file turned out to be. */
export interface CheckedFile extends FinalKeys {
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** A photo or a document of an item: an upload that is waited for, and then a file that can be read. */
export class StoredFile extends StoredFileSchema.class {
  declare uploadKey: string | null;
  declare objectKey: string | null;
  declare thumbnailKey: string | null;
  declare claimedAt: Date | null;
  declare readyAt: Date | null;
  declare missingAt: Date | null;

  /** All keys under which objects of it lie, or may lie. */
  keys(): string[] {
    return [this.uploadKey, this.objectKey, this.thumbnailKey].filter((key) => key !== null);
  }

  /** Whether its objects can be read. */
  isThere(): boolean {
    return this.readyAt !== null && this.missingAt === null;
  }

  isClaimedSince(instant: Date): boolean {
    return this.claimedAt !== null && this.claimedAt > instant;
  }

  /** Somebody checks it from now on, and writes under new keys. Gives the keys of a try before, under which something may lie. */
  claim({ objectKey, thumbnailKey }: FinalKeys, now: Date): string[] {
    const before = [this.objectKey, this.thumbnailKey].filter((key) => key !== null);
    Object.assign(this, { objectKey, thumbnailKey, claimedAt: now });
    return before;
  }

  /** Whoever checked it could not; the next may try. */
  release(): void {
    this.claimedAt = null;
  }

  /** It can be read. Gives the keys that are needed no more. */
  finish({ name, contentType, sizeBytes, objectKey, thumbnailKey }: CheckedFile, now: Date): string[] {
    const before = this.keys().filter((key) => key !== objectKey && key !== thumbnailKey);
    Object.assign(this, {
      name,
      contentType,
      sizeBytes,
      objectKey,
      thumbnailKey,
      uploadKey: null,
      claimedAt: null,
      readyAt: now,
    });
    return before;
  }
}
StoredFileSchema.setClass(StoredFile);
