import type { DemoItem } from './types.js';

export const itemsChips: readonly DemoItem[] = [
  {
    sku: 'SIMBA-CHUTNEY-36G',
    name: "Simba chips Mrs Ball's chutney 36 g",
    category: 'CHIPS',
    unit: 'each',
    barcodes: [
      { value: '6003365002331', isDefault: true },
      { value: '16003365002338', quantity: '48' },
    ],
    salePrice: '8.99',
    opening: [
      { location: 'SHOP', quantity: '34' },
      { location: 'STORE', quantity: '48' },
    ],
  },
  {
    sku: 'SIMBA-BEEF-120G',
    name: 'Simba chips smoked beef 120 g',
    category: 'CHIPS',
    unit: 'each',
    barcodes: [
      { value: '6003365002461', isDefault: true },
      { value: '16003365002468', quantity: '24' },
    ],
    salePrice: '21.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'NIKNAKS-55G',
    name: 'NikNaks maize snack cheese 55 g',
    category: 'CHIPS',
    unit: 'each',
    barcodes: [
      { value: '6003365002591', isDefault: true },
      { value: '16003365002598', quantity: '40' },
    ],
    salePrice: '8.99',
    opening: [
      { location: 'SHOP', quantity: '38' },
      { location: 'STORE', quantity: '40' },
    ],
  },
  {
    sku: 'NIKNAKS-20G',
    name: 'NikNaks maize snack cheese 20 g',
    category: 'CHIPS',
    unit: 'each',
    barcodes: [
      { value: '60012371', isDefault: true },
      { value: '10000060012378', quantity: '60' },
    ],
    salePrice: '3.50',
    opening: [
      { location: 'SHOP', quantity: '52' },
      { location: 'STORE', quantity: '60' },
    ],
  },
  {
    sku: 'GO-SLO-22G',
    name: "Go-Slo's maize puffs 22 g",
    category: 'CHIPS',
    unit: 'each',
    barcodes: [
      { value: '6003055036738', isDefault: true },
      { value: '16003055036735', quantity: '100' },
    ],
    salePrice: '2.50',
    opening: [
      { location: 'SHOP', quantity: '70' },
      { location: 'STORE', quantity: '100' },
    ],
  },
  {
    sku: 'MAIZE-CURLS-100G',
    name: 'Amagwinya spice maize curls 100 g',
    category: 'CHIPS',
    unit: 'each',
    barcodes: [{ value: '6003055036868', isDefault: true }],
    salePrice: '7.99',
    opening: [{ location: 'SHOP', quantity: '16' }],
  },
  {
    sku: 'PEANUTS-50G',
    name: 'Salted peanuts 50 g',
    description: 'Packed in the shop.',
    category: 'CHIPS',
    unit: 'each',
    barcodes: [],
    salePrice: '7.50',
    opening: [{ location: 'SHOP', quantity: '24' }],
  },
];
