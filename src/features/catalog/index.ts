export { Barcode } from './barcode.entity.js';
export type { BarcodeDraft } from './barcode-list.js';
export type { CatalogContext } from './catalog-context.js';
export { CATALOG_REFUSALS } from './catalog-refusals.js';
export { CatalogReader } from './catalog.reader.js';
export { Category } from './category.entity.js';
export { CategoryRepository } from './category.repository.js';
export { CategoryResolver } from './category.resolver.js';
export { CategoryService } from './category.service.js';
export { normalizeSku, type ItemRef } from './item-ref.js';
export { searchTextOf, StockItem } from './stock-item.entity.js';
export { StockItemInput, StockItemRef, toItemDraft, toItemRef } from './stock-item-input.schema.js';
export { StockItemRepository } from './stock-item.repository.js';
export { StockItemResolver } from './stock-item.resolver.js';
export { StockItemConnection, StockItemType } from './stock-item.schema.js';
export {
  CATALOG_RACED_KEYS,
  StockItemService,
  type BarcodeAddition,
  type StockItemChanges,
  type StockItemDraft,
} from './stock-item.service.js';
