import type { Clock } from '../../kernel/clock.js';
import { DuplicateError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { formatQuantity, type Quantity } from '../../kernel/quantity.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { optionalText, requireCode, requireLine, shopStamp, type Actor, type RowRef } from '../access/index.js';
import type { Barcode } from './barcode.entity.js';
import { checkBarcodes, checkPack, checkValue, MAX_BARCODES, type BarcodeDraft, type CheckedBarcode } from './barcode-list.js';
import { BarcodeRepository } from './barcode.repository.js';
import type { ItemChangedEvent } from './catalog.events.js';
import type { Category } from './category.entity.js';
import { CategoryRepository } from './category.repository.js';
import { findCategory } from './category.service.js';
import { UNWATCHED_ITEMS, type ItemWatch } from './item-watch.port.js';
import { searchTextOf, type StockItem } from './stock-item.entity.js';
import { StockItemRepository } from './stock-item.repository.js';

export const DEFAULT_UNIT = 'each';
const MAX_UNIT_LENGTH = 20;
const MAX_DESCRIPTION_LENGTH = 2000;
/** Keys that two honest requests may race for: the loser looks again, so that its refusal can name the winner. */
export const CATALOG_RACED_KEYS: readonly string[] = ['barcode_pkey'];

export interface StockItemDraft {
  readonly sku: string;
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly category?: RowRef | null | undefined;
  /** The base unit; DEFAULT_UNIT where absent. */
  readonly unit?: string | null | undefined;
  readonly barcodes?: readonly BarcodeDraft[] | null | undefined;
  readonly salePrice?: Quantity | null | undefined;
}

/** Absent: unchanged; null: cleared. The name cannot be cleared; barcodes replace the list. */
export interface StockItemChanges {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly category?: RowRef | null | undefined;
  readonly barcodes?: readonly BarcodeDraft[] | null | undefined;
  readonly salePrice?: Quantity | null | undefined;
}

/** One more barcode for an item. itemId: undefined where the client's global id was none of an item. */
export interface BarcodeAddition {
  readonly itemId: string | undefined;
  readonly value: string;
  readonly quantity?: Quantity | null | undefined;
}

/** The shop's items and their barcodes. Methods that take no transaction open one of their own. */
export class StockItemService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly watch: ItemWatch = UNWATCHED_ITEMS,
  ) {}

  /**
   * Refuses INVALID texts, prices and barcodes (a wrong check digit), a DUPLICATE SKU (compared in upper case) or barcode (the message
   * names the item that has it), a category that is NOT_FOUND.
   */
  create(actor: Actor, draft: StockItemDraft): Promise<StockItem> {
    return this.work.run(actor, (transaction) => this.createIn(transaction, actor, draft), { racedKeys: CATALOG_RACED_KEYS });
  }

  /** `create` as a part of the caller's transaction, which writes it when it flushes or commits. */
  async createIn(transaction: Transaction, actor: Actor, draft: StockItemDraft): Promise<StockItem> {
    const [{ em }, { shopId }] = [transaction, actor];
    const [sku, name] = [requireCode(draft.sku, ['sku']), requireLine(draft.name, ['name'])];
    const unit = requireLine(draft.unit ?? DEFAULT_UNIT, ['unit'], MAX_UNIT_LENGTH);
    const description = optionalText(draft.description, ['description'], MAX_DESCRIPTION_LENGTH);
    const salePrice = checkPrice(draft.salePrice ?? null);
    const wanted = checkBarcodes(draft.barcodes ?? []);
    const barcodes = new BarcodeRepository(em);
    await refuseTaken(barcodes, shopId, wanted);
    const category = await this.categoryOf(em, shopId, draft.category ?? null);
    const now = this.clock.now();
    const searchText = searchTextOf(name, sku, valuesOf(wanted));
    const texts = { sku, name, unit, description, searchText };
    const item = new StockItemRepository(em).add({
      ...texts,
      shopId,
      id: newId(),
      salePrice,
      category,
      createdAt: now,
      updatedAt: now,
    });
    for (const barcode of wanted) barcodes.add(item, barcode);
    tell(transaction, actor, item, 'CREATED');
    return item;
  }

  /** Refuses what `create` refuses, a name that is cleared, an item that is NOT_FOUND. */
  update(actor: Actor, ref: RowRef, changes: StockItemChanges): Promise<StockItem> {
    const change = async (transaction: Transaction): Promise<StockItem> => {
      const { em } = transaction;
      transaction.touch(shopStamp(actor.shopId));
      const item = await findLocked(new StockItemRepository(em), actor.shopId, ref);
      if (changes.name !== undefined) item.name = requireLine(changes.name, ['name']);
      if (changes.description !== undefined) {
        item.description = optionalText(changes.description, ['description'], MAX_DESCRIPTION_LENGTH);
      }
      if (changes.salePrice !== undefined) item.salePrice = checkPrice(changes.salePrice);
      if (changes.category !== undefined) item.category = await this.categoryOf(em, actor.shopId, changes.category);
      const values = await replaceBarcodes(new BarcodeRepository(em), item, changes.barcodes);
      item.refreshSearchText(values);
      item.updatedAt = this.clock.now();
      tell(transaction, actor, item, 'UPDATED');
      return item;
    };
    return this.work.run(actor, change, { racedKeys: CATALOG_RACED_KEYS });
  }

  /** Takes an item out of the lists; it can still be moved and scanned. Archiving it again changes nothing. Refuses NOT_FOUND. */
  archive(actor: Actor, ref: RowRef): Promise<StockItem> {
    return this.work.run(actor, async (transaction) => {
      transaction.touch(shopStamp(actor.shopId));
      const item = await findLocked(new StockItemRepository(transaction.em), actor.shopId, ref);
      const now = this.clock.now();
      if (item.archivedAt) return item;
      await this.watch.itemArchived(transaction, actor, item.id, now);
      item.archive(now);
      tell(transaction, actor, item, 'ARCHIVED');
      return item;
    });
  }

  addBarcode(actor: Actor, addition: BarcodeAddition): Promise<StockItem> {
    return this.work.run(actor, (transaction) => this.addBarcodeIn(transaction, actor, addition), {
      racedKeys: CATALOG_RACED_KEYS,
    });
  }

  /**
   * Names a code as one more barcode of an item, in the caller's transaction; one that the item has already, meaning as much, changes
   * nothing. Refuses at `code` (INVALID, DUPLICATE of any item's), `quantity` (INVALID) and `stockItem` (NOT_FOUND).
   */
  async addBarcodeIn(transaction: Transaction, actor: Actor, addition: BarcodeAddition): Promise<StockItem> {
    const { em } = transaction;
    transaction.touch(shopStamp(actor.shopId));
    const normalized = checkValue(addition.value, ['code']);
    const pack = checkPack(addition.quantity, ['quantity']);
    const item = await findLocked(new StockItemRepository(em), actor.shopId, { id: addition.itemId }, 'stockItem');
    const barcodes = new BarcodeRepository(em);
    const taken = (await barcodes.findTaken(actor.shopId, [normalized])).get(normalized);
    if (taken?.stockItem.id === item.id && taken.quantity.eq(pack)) return item;
    if (taken) throw new DuplicateError(takenMessage(taken), ['code']);
    const current = await barcodes.findOfItem(item);
    if (current.length >= MAX_BARCODES) throw new InvalidError(`An item has at most ${String(MAX_BARCODES)} barcodes.`, ['code']);
    const value = addition.value.trim();
    barcodes.add(item, { value, normalized, quantity: pack, isDefault: current.length === 0 });
    item.refreshSearchText([...valuesOf(current), value]);
    item.updatedAt = this.clock.now();
    tell(transaction, actor, item, 'UPDATED');
    return item;
  }

  private async categoryOf(em: Transaction['em'], shopId: string, ref: RowRef | null): Promise<Category | null> {
    return ref && findCategory(new CategoryRepository(em), shopId, ref, 'category');
  }
}

function tell(transaction: Transaction, { shopId, shop }: Actor, { id }: StockItem, change: ItemChangedEvent['change']): void {
  const event: ItemChangedEvent = { type: 'item.changed', shopId, stockItemId: id, change, webhookKinds: shop.webhookKinds };
  transaction.emit(event);
}

async function findLocked(items: StockItemRepository, shopId: string, { id }: RowRef, field = 'id'): Promise<StockItem> {
  const item = id === undefined ? undefined : await items.findForUpdate(shopId, id);
  if (!item) throw new NotFoundError('The shop has no such item.', [field]);
  return item;
}

/** Gives the values that the item has then. */
async function replaceBarcodes(
  barcodes: BarcodeRepository,
  item: StockItem,
  drafts: readonly BarcodeDraft[] | null | undefined,
): Promise<string[]> {
  const current = await barcodes.findOfItem(item);
  if (drafts === undefined) return valuesOf(current);
  const wanted = checkBarcodes(drafts ?? []);
  await refuseTaken(barcodes, item.shopId, wanted, item.id);
  barcodes.replace(item, current, wanted);
  return valuesOf(wanted);
}

/** Refuses (DUPLICATE) the first code that another item has. */
async function refuseTaken(
  barcodes: BarcodeRepository,
  shopId: string,
  wanted: readonly CheckedBarcode[],
  ownId?: string,
): Promise<void> {
  const taken = await barcodes.findTaken(
    shopId,
    wanted.map(({ normalized }) => normalized),
  );
  for (const [index, { normalized }] of wanted.entries()) {
    const barcode = taken.get(normalized);
    if (!barcode || barcode.stockItem.id === ownId) continue;
    throw new DuplicateError(takenMessage(barcode), ['barcodes', String(index), 'value']);
  }
}

function takenMessage({ value, quantity, stockItem }: Barcode): string {
  return `${value} is a barcode of ${stockItem.name} (SKU ${stockItem.sku}) already, and means ${formatQuantity(quantity)}.`;
}

function checkPrice(price: Quantity | null): Quantity | null {
  if (price?.isNegative() && !price.isZero()) throw new InvalidError('A price is 0 or more.', ['salePrice']);
  return price;
}

function valuesOf(barcodes: readonly { readonly value: string }[]): string[] {
  return barcodes.map(({ value }) => value);
}
