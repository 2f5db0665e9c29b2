import type { Clock } from '../../kernel/clock.js';
import { normalizeBarcodeValue } from '../../kernel/barcode-value.js';
import { DomainError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { displayGtin } from '../../kernel/gtin.js';
import type { Quantity } from '../../kernel/quantity.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import { CATALOG_RACED_KEYS, type StockItem, type StockItemDraft, type StockItemService } from '../catalog/index.js';
import type { ParkedScan } from './parked-scan.entity.js';
import { ParkedScanRepository } from './parked-scan.repository.js';
import { ProductLookupRepository } from './product-lookup.repository.js';
import { itemNameOf } from './product-suggestion.js';
import { readCode, type ScanJudge } from './scan-judge.js';
import type { ScanVerdict } from './scan-verdict.js';
import { MAX_SCANS } from './scan.service.js';
import { beepOfParked } from './scan.js';

/** Which item a code means, and how many base units one scan of it is. itemId: undefined where the client's id was none of an item. */
export interface CodeNaming {
  readonly code: string;
  readonly itemId: string | undefined;
  readonly quantity?: Quantity | null | undefined;
}

/** applied: a verdict for each scan that waited under the code, in the order in which they were scanned; a refused one waits on. */
export interface ParkedScanResolution {
  readonly stockItem: StockItem;
  readonly applied: ScanVerdict[];
}

/** What whoever accepts a suggestion says otherwise; null and absent mean as suggested, of the category: none. */
export interface OwnWords {
  readonly sku?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly category?: StockItemDraft['category'];
}

/** A code as it is registered: `value` as it is printed, `key` as it is stored. */
interface NameableCode {
  readonly value: string;
  readonly key: string;
}

/** Names unknown codes, and does what the scans of them had asked for. */
export class ParkedScanService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly judge: ScanJudge,
    private readonly items: StockItemService,
  ) {}

  /**
   * Registers the code as a barcode of the item, in a transaction of its own, and then applies the scans that waited under it, each once;
   * calling it again applies what was refused or interrupted. Refuses at `code` (INVALID, DUPLICATE of another item's), `stockItem`
   * (NOT_FOUND) and `quantity` (INVALID).
   */
  async resolve(actor: Actor, { code, itemId, quantity }: CodeNaming): Promise<ParkedScanResolution> {
    const { value, key } = this.nameable(actor, code);
    const add = (transaction: Transaction) => this.items.addBarcodeIn(transaction, actor, { itemId, value, quantity });
    const stockItem = await this.work.run(actor, add, { racedKeys: CATALOG_RACED_KEYS });
    return { stockItem, applied: await this.applyWaiting(actor, key) };
  }

  /** As `resolve`, with a new item that has the code beside its own barcodes. Refuses what creating an item refuses. */
  async createItem(actor: Actor, code: string, draft: StockItemDraft): Promise<ParkedScanResolution> {
    const { value, key } = this.nameable(actor, code);
    const own = draft.barcodes ?? [];
    const hasCode = own.some((barcode) => normalizedOf(barcode.value) === key);
    const barcodes = hasCode ? own : [...own, { value }];
    const create = (transaction: Transaction) => this.items.createIn(transaction, actor, { ...draft, barcodes });
    try {
      const stockItem = await this.work.run(actor, create, { racedKeys: CATALOG_RACED_KEYS });
      return { stockItem, applied: await this.applyWaiting(actor, key) };
    } catch (error) {
      throw hasCode ? error : atCode(error, own.length);
    }
  }

  /**
   * As `createItem`, with what is suggested for the code where `own` says nothing else. Refuses besides a code for which nothing is suggested
   * (NOT_FOUND at `code`).
   */
  async acceptSuggestion(actor: Actor, code: string, own: OwnWords): Promise<ParkedScanResolution> {
    const { value, key } = this.nameable(actor, code);
    const known = await this.work.run(actor, ({ em }) => new ProductLookupRepository(em, actor.shopId).find(key));
    const { name, brand = null, imageUrl = null, source } = known ?? {};
    if (!name || !source)
      throw new NotFoundError('Nothing is suggested for this code: create the item in your own words.', ['code']);
    const suggested = { sku: value, name: itemNameOf({ name, brand, imageUrl, source }) };
    return this.createItem(actor, code, {
      sku: own.sku ?? suggested.sku,
      name: own.name ?? suggested.name,
      category: own.category,
    });
  }

  private nameable(actor: Actor, code: string): NameableCode {
    const reading = readCode(actor, code, this.clock.now());
    if (!reading.ok) throw new InvalidError(reading.message, ['code']);
    if (reading.unresolvedRejection) throw new InvalidError(reading.unresolvedRejection.message, ['code']);
    const { key } = reading;
    const value = [displayGtin(key), key, reading.code].find((text) => normalizedOf(text) === key);
    if (value === undefined) throw new InvalidError('This code cannot be registered as a barcode.', ['code']);
    return { value, key };
  }

  private async applyWaiting(actor: Actor, key: string): Promise<ScanVerdict[]> {
    const applied: ScanVerdict[] = [];
    let last: ParkedScan | undefined;
    do {
      const after = last;
      const waiting = await this.work.run(actor, ({ em }) =>
        new ParkedScanRepository(em, actor.shopId).findWaiting(key, MAX_SCANS, after),
      );
      // The code's name is committed, but nobody was told of it yet: only the database knows it for certain.
      const options = { dryRun: false, sight: 'COMMITTED' } as const;
      applied.push(...(await this.judge.judge(actor, waiting.map(beepOfParked), options)));
      last = waiting.length === MAX_SCANS ? waiting.at(-1) : undefined;
    } while (last);
    return applied;
  }
}

function normalizedOf(text: string): string | undefined {
  const normalized = normalizeBarcodeValue(text);
  return normalized.ok ? normalized.value : undefined;
}

/** A refusal of the barcode behind the item's own is one of the code. */
function atCode(error: unknown, index: number): unknown {
  const isOfCode = error instanceof DomainError && error.path[0] === 'barcodes' && error.path[1] === String(index);
  return isOfCode ? new DomainError(error.code, error.message, ['code']) : error;
}
