import type { DemoItem } from './types.js';

export const itemsBeansAndSugar: readonly DemoItem[] = [
  {
    sku: 'SUGAR-BEANS-500G',
    name: 'Imbo sugar beans 500 g',
    category: 'BEANS-DRY',
    unit: 'each',
    barcodes: [
      { value: '6001401013068', isDefault: true },
      { value: '16001401013065', quantity: '20' },
    ],
    salePrice: '27.99',
    opening: [
      { location: 'SHOP', quantity: '14' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'SPLIT-PEAS-500G',
    name: 'Imbo split peas 500 g',
    category: 'BEANS-DRY',
    unit: 'each',
    barcodes: [
      { value: '6001401013198', isDefault: true },
      { value: '16001401013195', quantity: '20' },
    ],
    salePrice: '19.99',
    opening: [{ location: 'SHOP', quantity: '8' }],
  },
  {
    sku: 'LENTILS-500G',
    name: 'Imbo brown lentils 500 g',
    category: 'BEANS-DRY',
    unit: 'each',
    barcodes: [
      { value: '6001401013327', isDefault: true },
      { value: '16001401013324', quantity: '20' },
    ],
    salePrice: '22.99',
    opening: [{ location: 'SHOP', quantity: '7' }],
  },
  {
    sku: 'SOYA-MINCE-200G',
    name: 'Imana soya mince savoury 200 g',
    category: 'BEANS-DRY',
    unit: 'each',
    barcodes: [
      { value: '6001401013457', isDefault: true },
      { value: '16001401013454', quantity: '20' },
    ],
    salePrice: '19.99',
    opening: [
      { location: 'SHOP', quantity: '18' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'SOYA-CHAKALAKA-100G',
    name: 'Knorrox soya mince chakalaka 100 g',
    category: 'BEANS-DRY',
    unit: 'each',
    barcodes: [
      { value: '6002104029875', isDefault: true },
      { value: '16002104029872', quantity: '20' },
    ],
    salePrice: '11.99',
    opening: [{ location: 'SHOP', quantity: '16' }],
  },
  {
    sku: 'SUGAR-WHITE-1KG',
    name: 'Huletts white sugar 1 kg',
    category: 'SUGAR-SALT',
    unit: 'each',
    barcodes: [
      { value: '6003416034939', isDefault: true },
      { value: '16003416034936', quantity: '10' },
    ],
    salePrice: '27.99',
    opening: [
      { location: 'SHOP', quantity: '20' },
      { location: 'STORE', quantity: '30' },
    ],
  },
  {
    sku: 'SUGAR-BROWN-2-5KG',
    name: 'Huletts brown sugar 2.5 kg',
    category: 'SUGAR-SALT',
    unit: 'each',
    barcodes: [
      { value: '6003416035066', isDefault: true },
      { value: '16003416035063', quantity: '8' },
    ],
    salePrice: '62.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '16' },
    ],
  },
  {
    sku: 'SUGAR-BROWN-500G',
    name: 'Selati brown sugar 500 g',
    category: 'SUGAR-SALT',
    unit: 'each',
    barcodes: [
      { value: '6003969003536', isDefault: true },
      { value: '16003969003533', quantity: '20' },
    ],
    salePrice: '15.49',
    opening: [
      { location: 'SHOP', quantity: '18' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'SALT-500G',
    name: 'Cerebos iodated table salt 500 g',
    category: 'SUGAR-SALT',
    unit: 'each',
    barcodes: [
      { value: '6002700018570', isDefault: true },
      { value: '16002700018577', quantity: '20' },
    ],
    salePrice: '12.49',
    opening: [{ location: 'SHOP', quantity: '15' }],
  },
  {
    sku: 'SALT-COARSE-1KG',
    name: 'Coarse salt 1 kg',
    category: 'SUGAR-SALT',
    unit: 'each',
    barcodes: [{ value: '6002700018747', isDefault: true }],
    salePrice: '15.99',
    opening: [{ location: 'SHOP', quantity: '5' }],
  },
];
