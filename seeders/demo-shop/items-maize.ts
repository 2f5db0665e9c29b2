import type { DemoItem } from './types.js';

export const itemsMaize: readonly DemoItem[] = [
  {
    sku: 'MAIZE-10KG',
    name: 'Maize meal 10 kg',
    description: 'Super maize meal for pap, phutu and porridge.',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [{ value: '6001087340007', isDefault: true }],
    salePrice: '109.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '30' },
    ],
  },
  {
    sku: 'IWISA-2-5KG',
    name: 'Iwisa super maize meal 2.5 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6009012010131', isDefault: true },
      { value: '16009012010138', quantity: '8' },
    ],
    salePrice: '36.99',
    opening: [
      { location: 'SHOP', quantity: '14' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'IWISA-5KG',
    name: 'Iwisa super maize meal 5 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6009012010261', isDefault: true },
      { value: '16009012010268', quantity: '4' },
    ],
    salePrice: '64.99',
    opening: [
      { location: 'SHOP', quantity: '10' },
      { location: 'STORE', quantity: '16' },
    ],
  },
  {
    sku: 'ACE-1KG',
    name: 'Ace super maize meal 1 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6001829014234', isDefault: true },
      { value: '16001829014231', quantity: '10' },
    ],
    salePrice: '18.99',
    opening: [
      { location: 'SHOP', quantity: '15' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'ACE-2-5KG',
    name: 'Ace super maize meal 2.5 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6001829014364', isDefault: true },
      { value: '16001829014361', quantity: '8' },
    ],
    salePrice: '38.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '24' },
    ],
  },
  {
    sku: 'ACE-12-5KG',
    name: 'Ace super maize meal 12.5 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [{ value: '6001829014494', isDefault: true }],
    salePrice: '149.99',
    opening: [
      { location: 'SHOP', quantity: '6' },
      { location: 'STORE', quantity: '12' },
    ],
  },
  {
    sku: 'WHITE-STAR-5KG',
    name: 'White Star super maize meal 5 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6002840018430', isDefault: true },
      { value: '16002840018437', quantity: '4' },
    ],
    salePrice: '67.99',
    opening: [
      { location: 'SHOP', quantity: '9' },
      { location: 'STORE', quantity: '16' },
    ],
  },
  {
    sku: 'WHITE-STAR-10KG',
    name: 'White Star super maize meal 10 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [{ value: '6002840018560', isDefault: true }],
    salePrice: '119.99',
    opening: [
      { location: 'SHOP', quantity: '7' },
      { location: 'STORE', quantity: '14' },
    ],
  },
  {
    sku: 'SAMP-1KG',
    name: 'Nyala samp 1 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6009012010391', isDefault: true },
      { value: '16009012010398', quantity: '10' },
    ],
    salePrice: '19.99',
    opening: [{ location: 'SHOP', quantity: '12' }],
  },
  {
    sku: 'SAMP-BEANS-1KG',
    name: 'Samp and beans 1 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6001401012931', isDefault: true },
      { value: '16001401012938', quantity: '10' },
    ],
    salePrice: '29.99',
    opening: [{ location: 'SHOP', quantity: '9' }],
  },
  {
    sku: 'MEALIE-RICE-1KG',
    name: 'Mealie rice 1 kg',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6009012010520', isDefault: true },
      { value: '16009012010527', quantity: '10' },
    ],
    salePrice: '19.49',
    opening: [{ location: 'SHOP', quantity: '6' }],
  },
  {
    sku: 'MABELE-1KG',
    name: 'King Korn mabele meal 1 kg',
    description: 'Malted sorghum for umqombothi and mageu.',
    category: 'MAIZE',
    unit: 'each',
    barcodes: [
      { value: '6001829014623', isDefault: true },
      { value: '16001829014620', quantity: '10' },
    ],
    salePrice: '27.99',
    opening: [{ location: 'SHOP', quantity: '8' }],
  },
];
