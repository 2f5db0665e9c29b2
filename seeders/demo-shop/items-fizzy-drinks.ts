import type { DemoItem } from './types.js';

export const itemsFizzyDrinks: readonly DemoItem[] = [
  {
    sku: 'COKE-2L',
    name: 'Coca-Cola original 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003541022771', isDefault: true },
      { value: '16003541022778', quantity: '6' },
    ],
    salePrice: '26.99',
    opening: [
      { location: 'SHOP', quantity: '18' },
      { location: 'STORE', quantity: '36' },
    ],
  },
  {
    sku: 'COKE-440ML',
    name: 'Coca-Cola original 440 ml buddy',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003541022948', isDefault: true },
      { value: '16003541022945', quantity: '24' },
    ],
    salePrice: '12.99',
    opening: [
      { location: 'SHOP', quantity: '32' },
      { location: 'STORE', quantity: '48' },
    ],
  },
  {
    sku: 'COKE-300ML',
    name: 'Coca-Cola original 300 ml can',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '60014597', isDefault: true },
      { value: '10000060014594', quantity: '24' },
    ],
    salePrice: '10.99',
    opening: [{ location: 'SHOP', quantity: '24' }],
  },
  {
    sku: 'FANTA-ORANGE-2L',
    name: 'Fanta orange 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003541023112', isDefault: true },
      { value: '16003541023119', quantity: '6' },
    ],
    salePrice: '24.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '18' },
    ],
  },
  {
    sku: 'STONEY-2L',
    name: 'Stoney ginger beer 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003541023280', isDefault: true },
      { value: '16003541023287', quantity: '6' },
    ],
    salePrice: '24.99',
    opening: [
      { location: 'SHOP', quantity: '14' },
      { location: 'STORE', quantity: '18' },
    ],
  },
  {
    sku: 'SPARLETTA-2L',
    name: 'Sparletta crème soda 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003541023457', isDefault: true },
      { value: '16003541023454', quantity: '6' },
    ],
    salePrice: '24.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '18' },
    ],
  },
  {
    sku: 'IRON-BREW-2L',
    name: 'Sparletta iron brew 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003541023624', isDefault: true },
      { value: '16003541023621', quantity: '6' },
    ],
    salePrice: '24.99',
    opening: [{ location: 'SHOP', quantity: '6' }],
  },
  {
    sku: 'TWIZZA-COLA-2L',
    name: 'Twizza cola 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6002389037077', isDefault: true },
      { value: '16002389037074', quantity: '6' },
    ],
    salePrice: '16.99',
    opening: [
      { location: 'SHOP', quantity: '16' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'JIVE-PINE-2L',
    name: 'Jive pineapple 2 L',
    category: 'FIZZY',
    unit: 'each',
    barcodes: [
      { value: '6003377026479', isDefault: true },
      { value: '16003377026476', quantity: '6' },
    ],
    salePrice: '16.99',
    opening: [{ location: 'SHOP', quantity: '9' }],
  },
];
