export { demoCategories } from './categories.js';
export { demoItems } from './items.js';
export { demoLocations, demoShop } from './shop.js';
export type { DemoItem } from './types.js';
