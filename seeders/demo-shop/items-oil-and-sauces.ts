import type { DemoItem } from './types.js';

export const itemsOilAndSauces: readonly DemoItem[] = [
  {
    sku: 'SUNFLOWER-OIL-750ML',
    name: 'Sunfoil sunflower oil 750 ml',
    category: 'OIL-FAT',
    unit: 'each',
    barcodes: [
      { value: '6001058020532', isDefault: true },
      { value: '16001058020539', quantity: '12' },
    ],
    salePrice: '32.99',
    opening: [
      { location: 'SHOP', quantity: '16' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'SUNFLOWER-OIL-2L',
    name: 'Sunfoil sunflower oil 2 L',
    category: 'OIL-FAT',
    unit: 'each',
    barcodes: [
      { value: '6001058020662', isDefault: true },
      { value: '16001058020669', quantity: '6' },
    ],
    salePrice: '76.99',
    opening: [
      { location: 'SHOP', quantity: '11' },
      { location: 'STORE', quantity: '18' },
    ],
  },
  {
    sku: 'SUNFLOWER-OIL-5L',
    name: "D'lite cooking oil 5 L",
    description: 'Also what the vetkoek are fried in.',
    category: 'OIL-FAT',
    unit: 'each',
    barcodes: [
      { value: '6001058020792', isDefault: true },
      { value: '16001058020799', quantity: '4' },
    ],
    salePrice: '179.99',
    opening: [
      { location: 'SHOP', quantity: '3' },
      { location: 'STORE', quantity: '8' },
    ],
  },
  {
    sku: 'HOLSUM-500G',
    name: 'Holsum vegetable fat 500 g',
    category: 'OIL-FAT',
    unit: 'each',
    barcodes: [{ value: '6002104030383', isDefault: true }],
    salePrice: '29.99',
    opening: [{ location: 'SHOP', quantity: '6' }],
  },
  {
    sku: 'TOMATO-SAUCE-700ML',
    name: 'All Gold tomato sauce 700 ml',
    category: 'SAUCES',
    unit: 'each',
    barcodes: [
      { value: '6001829017358', isDefault: true },
      { value: '16001829017355', quantity: '12' },
    ],
    salePrice: '36.99',
    opening: [
      { location: 'SHOP', quantity: '13' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'MAYONNAISE-750G',
    name: 'Crosse & Blackwell tangy mayonnaise 750 g',
    category: 'SAUCES',
    unit: 'each',
    barcodes: [
      { value: '6001829017488', isDefault: true },
      { value: '16001829017485', quantity: '12' },
    ],
    salePrice: '46.99',
    opening: [
      { location: 'SHOP', quantity: '9' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'MRS-BALLS-470G',
    name: "Mrs Ball's chutney original 470 g",
    category: 'SAUCES',
    unit: 'each',
    barcodes: [
      { value: '6001829017617', isDefault: true },
      { value: '16001829017614', quantity: '12' },
    ],
    salePrice: '39.99',
    opening: [
      { location: 'SHOP', quantity: '7' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'ATCHAR-400G',
    name: 'Mango atchar hot 400 g',
    category: 'SAUCES',
    unit: 'each',
    barcodes: [
      { value: '6001501027330', isDefault: true },
      { value: '16001501027337', quantity: '12' },
    ],
    salePrice: '34.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'ATCHAR-LOOSE',
    name: 'Mango atchar loose',
    description: 'By the kilogram, from the bucket.',
    category: 'SAUCES',
    unit: 'kg',
    barcodes: [{ value: '2010101000005', isDefault: true }],
    salePrice: '54.99',
    opening: [{ location: 'SHOP', quantity: '8.5' }],
  },
  {
    sku: 'VINEGAR-750ML',
    name: 'White spirit vinegar 750 ml',
    category: 'SAUCES',
    unit: 'each',
    barcodes: [
      { value: '6001501027460', isDefault: true },
      { value: '16001501027467', quantity: '12' },
    ],
    salePrice: '14.99',
    opening: [{ location: 'SHOP', quantity: '8' }],
  },
  {
    sku: 'CHILLI-SAUCE-250ML',
    name: 'Chilli sauce 250 ml',
    category: 'SAUCES',
    unit: 'each',
    barcodes: [{ value: '6001501027590', isDefault: true }],
    salePrice: '19.99',
    opening: [{ location: 'SHOP', quantity: '9' }],
  },
];
