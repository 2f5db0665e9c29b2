import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { inOrder } from '../access/index.js';
import { StoredFile } from './stored-file.entity.js';

/** What a request reads of the files of its shop: those that can be read, and those that have gone missing; no uploads. */
export class StoredFileReader {
  private readonly fileById = new DataLoader<string, StoredFile | undefined>(async (ids) => {
    const byIds = 'select * from stored_file where shop_id = ? and id = any(?::uuid[]) and ready_at is not null';
    return inOrder(ids, await selectRows(this.em, StoredFile, [byIds, this.shopId, arrayLiteral(ids)]), ({ id }) => id);
  });
  private readonly filesByItem = new DataLoader<string, StoredFile[]>(async (itemIds) => {
    const byItems = `select * from stored_file where shop_id = ? and stock_item_id = any(?::uuid[]) and ready_at is not null order by id`;
    const found = await selectRows(this.em, StoredFile, [byItems, this.shopId, arrayLiteral(itemIds)]);
    const groups = Object.groupBy(found, ({ stockItem }) => stockItem.id);
    return itemIds.map((id) => groups[id] ?? []);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** By row id. */
  byId(id: string): Promise<StoredFile | undefined> {
    return this.fileById.load(id);
  }

  /** In the order in which they were begun. */
  ofItem({ id }: { readonly id: string }): Promise<StoredFile[]> {
    return this.filesByItem.load(id);
  }

  /** The first photo of the item that can be shown. */
  async photoOf(item: { readonly id: string }): Promise<StoredFile | undefined> {
    return (await this.ofItem(item)).find((file) => file.kind === 'PHOTO' && file.isThere());
  }
}
