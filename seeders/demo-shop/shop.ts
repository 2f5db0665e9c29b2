import type { DemoLocation, DemoShop } from './types.js';

export const demoShop: DemoShop = { name: 'Mama Thandi Spaza and Bakery', currency: 'ZAR', timeZone: 'Africa/Johannesburg' };

/** The bakery corner stands on the shop floor; the storeroom is a room of its own behind it. */
export const demoLocations: readonly DemoLocation[] = [
  { code: 'SHOP', name: 'Shop floor' },
  { code: 'STORE', name: 'Storeroom' },
  { code: 'BAKERY', name: 'Bakery corner', parent: 'SHOP' },
];
