import type { DemoItem } from './types.js';

export const itemsJuiceAndWater: readonly DemoItem[] = [
  {
    sku: 'OROS-2L',
    name: 'Brookes Oros orange squash 2 L',
    category: 'JUICE',
    unit: 'each',
    barcodes: [
      { value: '6001829018003', isDefault: true },
      { value: '16001829018000', quantity: '6' },
    ],
    salePrice: '49.99',
    opening: [
      { location: 'SHOP', quantity: '8' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'DRINK-O-POP',
    name: 'Drink-O-Pop powder orange 20 g',
    category: 'JUICE',
    unit: 'each',
    barcodes: [{ value: '6001829018133', isDefault: true }],
    salePrice: '3.99',
    opening: [{ location: 'SHOP', quantity: '48' }],
  },
  {
    sku: 'CABANA-500ML',
    name: 'Cabana dairy juice blend 500 ml',
    category: 'JUICE',
    unit: 'each',
    barcodes: [
      { value: '6003365002720', isDefault: true },
      { value: '16003365002727', quantity: '12' },
    ],
    salePrice: '15.99',
    opening: [{ location: 'SHOP', quantity: '14' }],
  },
  {
    sku: 'LIQUI-FRUIT-250ML',
    name: 'Liqui-Fruit berry blaze 250 ml',
    category: 'JUICE',
    unit: 'each',
    barcodes: [
      { value: '6003365002850', isDefault: true },
      { value: '16003365002857', quantity: '24' },
    ],
    salePrice: '11.99',
    opening: [{ location: 'SHOP', quantity: '13' }],
  },
  {
    sku: 'WATER-500ML',
    name: 'Still water 500 ml',
    category: 'WATER-ENERGY',
    unit: 'each',
    barcodes: [
      { value: '6003541023792', isDefault: true },
      { value: '16003541023799', quantity: '24' },
    ],
    salePrice: '8.99',
    opening: [
      { location: 'SHOP', quantity: '26' },
      { location: 'STORE', quantity: '48' },
    ],
  },
  {
    sku: 'DRAGON-500ML',
    name: 'Dragon energy drink 500 ml',
    category: 'WATER-ENERGY',
    unit: 'each',
    barcodes: [
      { value: '6002389037244', isDefault: true },
      { value: '16002389037241', quantity: '24' },
    ],
    salePrice: '11.99',
    opening: [
      { location: 'SHOP', quantity: '24' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'POWERADE-500ML',
    name: 'Powerade mountain blast 500 ml',
    category: 'WATER-ENERGY',
    unit: 'each',
    barcodes: [
      { value: '6003541023969', isDefault: true },
      { value: '16003541023966', quantity: '6' },
    ],
    salePrice: '17.99',
    opening: [{ location: 'SHOP', quantity: '11' }],
  },
];
