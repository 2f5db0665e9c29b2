import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import { Principal } from '../access/index.js';
import type { FileRef } from './object-key.js';
import { MAX_FILES_PER_ITEM, StoredFile } from './stored-file.entity.js';

/** Files behind one of them, up to another, in the order of (shop, file); undefined: from the first on, to the last. */
export interface FileRange {
  readonly after: FileRef | undefined;
  readonly upTo: FileRef | undefined;
}

export class StoredFileRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<StoredFile>): StoredFile {
    const file = this.em.create(StoredFile, data);
    this.em.persist(file);
    return file;
  }

  /** Who acts. */
  actor(shopId: string, actorId: string): Principal {
    return this.em.getReference(Principal, [shopId, actorId]);
  }

  remove(file: StoredFile): void {
    this.em.remove(file);
  }

  /** The lowest slot that no file of the item has; undefined where it has as many as it may have. To be asked with the item locked. */
  async freeSlot(shopId: string, itemId: string): Promise<number | undefined> {
    const [free] = await query<{ slot: number }>(
      this.em,
      `select slot from generate_series(1, ?) as slot where not exists (
         select 1 from stored_file f where f.shop_id = ? and f.stock_item_id = ? and f.slot = slot.slot) order by slot limit 1`,
      [MAX_FILES_PER_ITEM, shopId, itemId],
    );
    return free?.slot;
  }

  /** Locked until the transaction ends. */
  async findForUpdate(shopId: string, id: string): Promise<StoredFile | undefined> {
    await query(this.em, 'select 1 from stored_file where shop_id = ? and id = ? for update', [shopId, id]);
    return (await this.em.findOne(StoredFile, { shopId, id }, { refresh: true })) ?? undefined;
  }

  /** Of all shops: at most `limit` uploads whose time was over before then, locked; those that somebody works on are left out. */
  async findOverdue(before: Date, limit: number): Promise<StoredFile[]> {
    const rows = await query(
      this.em,
      `select * from stored_file where ready_at is null and expires_at < ? and (claimed_at is null or claimed_at < ?)
       order by expires_at limit ? for update skip locked`,
      [before, before, limit],
    );
    return rows.map((row) => this.em.map(StoredFile, row));
  }

  /** Of all shops, in the order of (shop, file), at most `limit`. */
  async findRange({ after, upTo }: FileRange, limit: number): Promise<StoredFile[]> {
    const rows = await query(
      this.em,
      `select * from stored_file where (?::uuid is null or (shop_id, id) > (?::uuid, ?::uuid))
         and (?::uuid is null or (shop_id, id) <= (?::uuid, ?::uuid)) order by shop_id, id limit ?`,
      [after?.shopId, after?.shopId, after?.id, upTo?.shopId, upTo?.shopId, upTo?.id, limit].map((value) => value ?? null),
    );
    return rows.map((row) => this.em.map(StoredFile, row));
  }

  /** Notes that the store has none, or again all, of the objects of these; of those that are gone by now nothing. */
  async mark(files: readonly FileRef[], missingAt: Date | null): Promise<void> {
    if (files.length === 0) return;
    await query(
      this.em,
      `update stored_file f set missing_at = ? from unnest(?::uuid[], ?::uuid[]) as wanted (shop_id, id)
       where f.shop_id = wanted.shop_id and f.id = wanted.id and f.ready_at is not null`,
      [missingAt, arrayLiteral(files.map(({ shopId }) => shopId)), arrayLiteral(files.map(({ id }) => id))],
    );
  }
}
