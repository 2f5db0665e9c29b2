export { demoCategories } from './categories.js';
export { demoItems } from './items.js';
export { demoLocations, demoShop } from './shop.js';
export type { DemoBarcode, DemoCategory, DemoItem, DemoLocation, DemoOpening, DemoShop } from './types.js';
