import type { Clock } from '../../kernel/clock.js';
import { DomainError, InUseError, InvalidError, NotFoundError, RequestError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor, RowRef } from '../access/index.js';
import { StockItemRepository, type ItemRef, type StockItem } from '../catalog/index.js';
import { checkDraft, type FileDraft, type FileLimits } from './file-draft.js';
import type { FileIntake, Upload } from './file-intake.js';
import { StoreUnavailableError, type FileStore, type PresignedPut } from './file-store.port.js';
import { isImage } from './file-types.js';
import type { FileRemovedEvent } from './files.events.js';
import { newObjectKey } from './object-key.js';
import type { StoreOwner } from './store-owner.js';
import { MAX_FILES_PER_ITEM, type CheckedFile, type StoredFile } from './stored-file.entity.js';
import { StoredFileRepository } from './stored-file.repository.js';

/** How long an upload may take, from the leave to put to the word that it is complete. */
export const UPLOAD_LIFETIME_MS = 3_600_000;
/** Longer than any check takes, within the store's time limits: who has not ended it by then has died. */
export const CLAIM_MS = 600_000;
/** Two uploads for one item that begin at once want the same slot. */
const RACED_KEYS: readonly string[] = ['stored_file_slot_unique'];

export interface StartedUpload {
  readonly file: StoredFile;
  readonly put: PresignedPut;
}

export interface FileServiceOptions {
  readonly store: FileStore;
  readonly intake: FileIntake;
  readonly limits: FileLimits;
  readonly owner: StoreOwner;
  /** Told when the store does not answer or is another database's, with what it was. */
  readonly report: (error: StoreUnavailableError) => void;
}

/** Photos and documents of items. No transaction is open while the store is asked or an image is drawn. */
export class FileService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly options: FileServiceOptions,
  ) {}

  /**
   * Leave to upload one file for an item. Refuses at `stockItem` (NOT_FOUND, or INVALID where it has MAX_FILES_PER_ITEM), `name`, `contentType` and
   * `sizeBytes` (INVALID). A RequestError UNAVAILABLE where the store does not answer, or is another database's.
   */
  async start(actor: Actor, draft: FileDraft): Promise<StartedUpload> {
    const checked = checkDraft(draft, this.options.limits);
    const add = async ({ em }: Transaction): Promise<StoredFile> => {
      const item = await findItem(new StockItemRepository(em), actor.shopId, draft.stockItem);
      const files = new StoredFileRepository(em);
      const slot = await files.freeSlot(actor.shopId, item.id);
      if (slot === undefined) throw new InvalidError(`An item has at most ${String(MAX_FILES_PER_ITEM)} files.`, ['stockItem']);
      const [id, now] = [newId(), this.clock.now()];
      const { shopId, actorId } = actor;
      const expiresAt = new Date(now.getTime() + UPLOAD_LIFETIME_MS);
      const uploadKey = newObjectKey({ shopId, id });
      return files.add({
        ...checked,
        shopId,
        id,
        slot,
        stockItem: item,
        ...{ uploadKey, objectKey: null, thumbnailKey: null },
        actor: files.actor(shopId, actorId),
        createdAt: now,
        expiresAt,
      });
    };
    const file = await this.work.run(actor, add, { racedKeys: RACED_KEYS });
    const { sizeBytes, contentType, expiresAt } = file;
    const grant = { key: file.uploadKey ?? '', sizeBytes, contentType, expiresAt };
    try {
      await this.checkOwner();
      return { file, put: await this.options.store.presignPut(grant) };
    } catch (error) {
      await this.discard(file);
      throw this.told(error);
    }
  }

  /**
   * Looks at what was uploaded and makes it a file of the item; one that is ready already is answered again. Refuses at `id`: NOT_FOUND; IN_USE while another
   * request looks at it; INVALID where nothing was uploaded yet, and where the content is not what was declared, and then the upload is over
   * and gone. A RequestError UNAVAILABLE or TOO_MANY_REQUESTS: the same may succeed later.
   */
  async complete(actor: Actor, { id }: RowRef): Promise<StoredFile> {
    const file = await this.work.run(actor, (transaction) => this.claim(transaction, actor, id));
    if (file.readyAt) return file;
    const checked = await this.check(file);
    const finished = await this.work.run(actor, (transaction) => this.finish(transaction, file, checked));
    if (!finished) throw noSuchFile();
    return finished;
  }

  /** Of a file that is ready, or of an upload that is wanted no more. Its objects go after the commit. Refuses NOT_FOUND. */
  delete(actor: Actor, { id }: RowRef): Promise<StoredFile> {
    return this.work.run(actor, async (transaction) => {
      const files = new StoredFileRepository(transaction.em);
      const file = id === undefined ? undefined : await files.findForUpdate(actor.shopId, id);
      if (!file) throw noSuchFile();
      files.remove(file);
      transaction.emit(removed(file, file.keys()));
      return file;
    });
  }

  /** What is put into the store of another database would be litter to that one. A store that says nothing takes more. */
  private async checkOwner(): Promise<void> {
    const ownership = await this.options.owner.askOnce();
    if (!ownership.isOurs && ownership.marker !== '') {
      throw new StoreUnavailableError(`The store is that of database ${ownership.marker}, and this is ${ownership.databaseId}.`);
    }
  }

  private async claim(transaction: Transaction, { shopId }: Actor, id: string | undefined): Promise<StoredFile> {
    const file = id === undefined ? undefined : await new StoredFileRepository(transaction.em).findForUpdate(shopId, id);
    if (!file) throw noSuchFile();
    const now = this.clock.now();
    if (file.readyAt) return file;
    if (file.expiresAt <= now) throw noSuchFile();
    if (file.isClaimedSince(new Date(now.getTime() - CLAIM_MS))) {
      throw new InUseError('This upload is being looked at: ask again in some seconds.', ['id']);
    }
    const thumbnailKey = isImage(file.contentType) ? newObjectKey(file) : null;
    const before = file.claim({ objectKey: newObjectKey(file), thumbnailKey }, now);
    if (before.length > 0) transaction.emit(removed(file, before));
    return file;
  }

  private async check(file: StoredFile): Promise<CheckedFile> {
    let checked: CheckedFile | undefined;
    try {
      checked = await this.options.intake.take(uploadOf(file));
    } catch (error) {
      // What is not what was declared never will be: the URL has put its one object.
      await (error instanceof DomainError ? this.discard(file) : this.release(file));
      throw this.told(error);
    }
    if (checked) return checked;
    await this.release(file);
    throw new InvalidError('Nothing was uploaded yet.', ['id']);
  }

  private finish(transaction: Transaction, file: StoredFile, checked: CheckedFile): Promise<StoredFile | undefined> {
    return this.whileOurs(transaction, file, (row) => {
      transaction.emit(removed(row, row.finish(checked, this.clock.now())));
    });
  }

  private async release(file: StoredFile): Promise<void> {
    await this.work.run(file, (transaction) =>
      this.whileOurs(transaction, file, (row) => {
        row.release();
      }),
    );
  }

  private async discard(file: StoredFile): Promise<void> {
    await this.work.run(file, (transaction) =>
      this.whileOurs(transaction, file, (row) => {
        new StoredFileRepository(transaction.em).remove(row);
        transaction.emit(removed(row, row.keys()));
      }),
    );
  }

  /**
   * Acts on the row of an upload that was read before, as it is now, unless it was deleted meanwhile or somebody else has claimed it. What was written for
   * it then goes: the one that deleted it may have done so before all of it was there.
   */
  private async whileOurs(
    transaction: Transaction,
    file: StoredFile,
    act: (row: StoredFile) => void,
  ): Promise<StoredFile | undefined> {
    const row = await new StoredFileRepository(transaction.em).findForUpdate(file.shopId, file.id);
    if (row && !row.readyAt && row.objectKey === file.objectKey) {
      act(row);
      return row;
    }
    transaction.emit(
      removed(
        file,
        file.keys().filter((key) => !row?.keys().includes(key)),
      ),
    );
    return row?.readyAt ? row : undefined;
  }

  private told(error: unknown): unknown {
    if (!(error instanceof StoreUnavailableError)) return error;
    this.options.report(error);
    return new RequestError('UNAVAILABLE', 'Files cannot be stored just now: try again in a while.');
  }
}

async function findItem(items: StockItemRepository, shopId: string, ref: ItemRef): Promise<StockItem> {
  const [named] = await items.findByRefs(shopId, [ref]);
  const item = named && (await items.findForUpdate(shopId, named.id));
  if (!item) throw new NotFoundError('The shop has no such item.', ['stockItem']);
  return item;
}

function uploadOf({ uploadKey, objectKey, thumbnailKey, name, contentType, sizeBytes }: StoredFile): Upload {
  return { uploadKey: uploadKey ?? '', objectKey: objectKey ?? '', thumbnailKey, name, contentType, sizeBytes };
}

function removed({ shopId }: StoredFile, objectKeys: readonly string[]): FileRemovedEvent {
  return { type: 'file.removed', shopId, objectKeys };
}

function noSuchFile(): NotFoundError {
  return new NotFoundError('The shop has no such file or upload.', ['id']);
}
