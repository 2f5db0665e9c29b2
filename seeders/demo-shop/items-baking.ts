import type { DemoItem } from './types.js';

export const itemsBaking: readonly DemoItem[] = [
  {
    sku: 'CAKE-FLOUR-2-5KG',
    name: 'Snowflake cake wheat flour 2.5 kg',
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [
      { value: '6009012010650', isDefault: true },
      { value: '16009012010657', quantity: '4' },
    ],
    salePrice: '44.99',
    opening: [
      { location: 'SHOP', quantity: '9' },
      { location: 'STORE', quantity: '16' },
    ],
  },
  {
    sku: 'CAKE-FLOUR-10KG',
    name: 'Snowflake cake wheat flour 10 kg',
    description: 'Also what the bakery corner bakes with.',
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [{ value: '6009012010780', isDefault: true }],
    salePrice: '144.99',
    opening: [
      { location: 'SHOP', quantity: '2' },
      { location: 'STORE', quantity: '6' },
    ],
  },
  {
    sku: 'BREAD-FLOUR-2-5KG',
    name: 'Sasko white bread flour 2.5 kg',
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [
      { value: '6002840019086', isDefault: true },
      { value: '16002840019083', quantity: '4' },
    ],
    salePrice: '43.99',
    opening: [
      { location: 'SHOP', quantity: '6' },
      { location: 'STORE', quantity: '8' },
    ],
  },
  {
    sku: 'YEAST-10G',
    name: 'Anchor instant yeast 10 g',
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [
      { value: '6002255022534', isDefault: true },
      { value: '16002255022531', quantity: '48' },
    ],
    salePrice: '5.99',
    opening: [
      { location: 'SHOP', quantity: '40' },
      { location: 'STORE', quantity: '48' },
    ],
  },
  {
    sku: 'BAKING-POWDER-100G',
    name: 'Royal baking powder 100 g',
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [{ value: '6009012010919', isDefault: true }],
    salePrice: '17.99',
    opening: [{ location: 'SHOP', quantity: '10' }],
  },
  {
    sku: 'CUSTARD-250G',
    name: "Moir's custard powder 250 g",
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [
      { value: '6002840019215', isDefault: true },
      { value: '16002840019212', quantity: '12' },
    ],
    salePrice: '27.99',
    opening: [{ location: 'SHOP', quantity: '7' }],
  },
  {
    sku: 'JELLY-STRAWBERRY',
    name: "Moir's jelly strawberry 80 g",
    category: 'FLOUR-BAKING',
    unit: 'each',
    barcodes: [{ value: '6002840019345', isDefault: true }],
    salePrice: '12.99',
    opening: [{ location: 'SHOP', quantity: '12' }],
  },
];
