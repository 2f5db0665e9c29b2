export { Barcode } from './barcode.entity.js';
export { Category } from './category.entity.js';
export { searchTextOf, StockItem } from './stock-item.entity.js';
