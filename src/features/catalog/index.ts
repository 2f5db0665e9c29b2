export { Barcode } from './barcode.entity.js';
export { Category } from './category.entity.js';
export { normalizeSku, type ItemRef } from './item-ref.js';
export { searchTextOf, StockItem } from './stock-item.entity.js';
export { StockItemRepository } from './stock-item.repository.js';
