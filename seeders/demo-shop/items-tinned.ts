import type { DemoItem } from './types.js';

export const itemsTinned: readonly DemoItem[] = [
  {
    sku: 'LUCKY-STAR-400G',
    name: 'Lucky Star pilchards in tomato sauce 400 g',
    category: 'TIN-FISH',
    unit: 'each',
    barcodes: [
      { value: '6001084028977', isDefault: true },
      { value: '16001084028974', quantity: '12' },
    ],
    salePrice: '29.99',
    opening: [
      { location: 'SHOP', quantity: '24' },
      { location: 'STORE', quantity: '48' },
    ],
  },
  {
    sku: 'LUCKY-STAR-155G',
    name: 'Lucky Star pilchards in tomato sauce 155 g',
    category: 'TIN-FISH',
    unit: 'each',
    barcodes: [
      { value: '6001084029141', isDefault: true },
      { value: '16001084029148', quantity: '24' },
    ],
    salePrice: '14.99',
    opening: [
      { location: 'SHOP', quantity: '20' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'LUCKY-STAR-CHILLI',
    name: 'Lucky Star pilchards in hot chilli sauce 400 g',
    category: 'TIN-FISH',
    unit: 'each',
    barcodes: [
      { value: '6001084029318', isDefault: true },
      { value: '16001084029315', quantity: '12' },
    ],
    salePrice: '30.99',
    opening: [
      { location: 'SHOP', quantity: '14' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'TUNA-170G',
    name: 'Light meat shredded tuna in brine 170 g',
    category: 'TIN-FISH',
    unit: 'each',
    barcodes: [
      { value: '6001084029486', isDefault: true },
      { value: '16001084029483', quantity: '24' },
    ],
    salePrice: '19.99',
    opening: [{ location: 'SHOP', quantity: '12' }],
  },
  {
    sku: 'KOO-BEANS-410G',
    name: 'Koo baked beans in tomato sauce 410 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016184', isDefault: true },
      { value: '16001829016181', quantity: '12' },
    ],
    salePrice: '16.99',
    opening: [
      { location: 'SHOP', quantity: '30' },
      { location: 'STORE', quantity: '48' },
    ],
  },
  {
    sku: 'KOO-BEANS-215G',
    name: 'Koo baked beans in tomato sauce 215 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016313', isDefault: true },
      { value: '16001829016310', quantity: '24' },
    ],
    salePrice: '11.99',
    opening: [
      { location: 'SHOP', quantity: '18' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'KOO-CHAKALAKA',
    name: 'Koo chakalaka mild and spicy 410 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016443', isDefault: true },
      { value: '16001829016440', quantity: '12' },
    ],
    salePrice: '21.99',
    opening: [
      { location: 'SHOP', quantity: '16' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'KOO-MIXED-VEG',
    name: 'Koo mixed vegetables in curry sauce 420 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016573', isDefault: true },
      { value: '16001829016570', quantity: '12' },
    ],
    salePrice: '22.99',
    opening: [
      { location: 'SHOP', quantity: '8' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'KOO-BUTTER-BEANS',
    name: 'Koo butter beans 410 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016702', isDefault: true },
      { value: '16001829016709', quantity: '12' },
    ],
    salePrice: '24.99',
    opening: [{ location: 'SHOP', quantity: '6' }],
  },
  {
    sku: 'KOO-CREAM-CORN',
    name: 'Koo cream style sweetcorn 415 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016832', isDefault: true },
      { value: '16001829016839', quantity: '12' },
    ],
    salePrice: '24.99',
    opening: [{ location: 'SHOP', quantity: '7' }],
  },
  {
    sku: 'KOO-PEACHES',
    name: 'Koo peach slices in syrup 410 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829016962', isDefault: true },
      { value: '16001829016969', quantity: '12' },
    ],
    salePrice: '32.99',
    opening: [{ location: 'SHOP', quantity: '5' }],
  },
  {
    sku: 'TOMATO-ONION-410G',
    name: 'All Gold tomato and onion mix 410 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [
      { value: '6001829017099', isDefault: true },
      { value: '16001829017096', quantity: '12' },
    ],
    salePrice: '19.99',
    opening: [
      { location: 'SHOP', quantity: '15' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'TOMATO-PASTE-50G',
    name: 'All Gold tomato paste sachet 50 g',
    category: 'TIN-VEG',
    unit: 'each',
    barcodes: [{ value: '6001829017228', isDefault: true }],
    salePrice: '6.99',
    opening: [{ location: 'SHOP', quantity: '22' }],
  },
  {
    sku: 'BULLY-BEEF-300G',
    name: 'Bull Brand corned meat 300 g',
    category: 'TIN-MEAT',
    unit: 'each',
    barcodes: [
      { value: '6003969003666', isDefault: true },
      { value: '16003969003663', quantity: '12' },
    ],
    salePrice: '36.99',
    opening: [
      { location: 'SHOP', quantity: '11' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'VIENNAS-TIN-400G',
    name: 'Viennas in brine 400 g',
    category: 'TIN-MEAT',
    unit: 'each',
    barcodes: [{ value: '6003307019076', isDefault: true }],
    salePrice: '34.99',
    opening: [{ location: 'SHOP', quantity: '4' }],
  },
];
