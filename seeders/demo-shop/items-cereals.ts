import type { DemoItem } from './types.js';

export const itemsCereals: readonly DemoItem[] = [
  {
    sku: 'JUNGLE-OATS-500G',
    name: 'Jungle Oats 500 g',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [
      { value: '6001829015408', isDefault: true },
      { value: '16001829015405', quantity: '12' },
    ],
    salePrice: '27.99',
    opening: [
      { location: 'SHOP', quantity: '13' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'JUNGLE-OATS-1KG',
    name: 'Jungle Oats 1 kg',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [
      { value: '6001829015538', isDefault: true },
      { value: '16001829015535', quantity: '12' },
    ],
    salePrice: '46.99',
    opening: [
      { location: 'SHOP', quantity: '10' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'WEET-BIX-450G',
    name: 'Bokomo Weet-Bix 450 g',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [
      { value: '6002700018914', isDefault: true },
      { value: '16002700018911', quantity: '12' },
    ],
    salePrice: '39.99',
    opening: [
      { location: 'SHOP', quantity: '9' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'CORN-FLAKES-500G',
    name: 'Corn flakes 500 g',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [
      { value: '6009659010334', isDefault: true },
      { value: '16009659010331', quantity: '10' },
    ],
    salePrice: '49.99',
    opening: [{ location: 'SHOP', quantity: '6' }],
  },
  {
    sku: 'MORVITE-1KG',
    name: 'Morvite instant sorghum porridge 1 kg',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [
      { value: '6001829015668', isDefault: true },
      { value: '16001829015665', quantity: '12' },
    ],
    salePrice: '39.99',
    opening: [
      { location: 'SHOP', quantity: '11' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'ACE-INSTANT-1KG',
    name: 'Ace instant porridge original 1 kg',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [
      { value: '6001829015798', isDefault: true },
      { value: '16001829015795', quantity: '10' },
    ],
    salePrice: '36.99',
    opening: [
      { location: 'SHOP', quantity: '8' },
      { location: 'STORE', quantity: '10' },
    ],
  },
  {
    sku: 'FUTURELIFE-500G',
    name: 'FutureLife smart food 500 g',
    category: 'CEREAL',
    unit: 'each',
    barcodes: [{ value: '6001713037677', isDefault: true }],
    salePrice: '69.99',
    opening: [{ location: 'SHOP', quantity: '4' }],
  },
];
