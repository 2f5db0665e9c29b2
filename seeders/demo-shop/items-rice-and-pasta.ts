import type { DemoItem } from './types.js';

export const itemsRiceAndPasta: readonly DemoItem[] = [
  {
    sku: 'TASTIC-1KG',
    name: 'Tastic long grain parboiled rice 1 kg',
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6001829014753', isDefault: true },
      { value: '16001829014750', quantity: '10' },
    ],
    salePrice: '29.99',
    opening: [
      { location: 'SHOP', quantity: '16' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'TASTIC-2KG',
    name: 'Tastic long grain parboiled rice 2 kg',
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6001829014883', isDefault: true },
      { value: '16001829014880', quantity: '10' },
    ],
    salePrice: '52.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'TASTIC-5KG',
    name: 'Tastic long grain parboiled rice 5 kg',
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [{ value: '6001829015019', isDefault: true }],
    salePrice: '124.99',
    opening: [
      { location: 'SHOP', quantity: '4' },
      { location: 'STORE', quantity: '6' },
    ],
  },
  {
    sku: 'SPEKKO-2KG',
    name: 'Spekko long grain parboiled rice 2 kg',
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6002840018690', isDefault: true },
      { value: '16002840018697', quantity: '10' },
    ],
    salePrice: '44.99',
    opening: [
      { location: 'SHOP', quantity: '10' },
      { location: 'STORE', quantity: '10' },
    ],
  },
  {
    sku: 'MACARONI-500G',
    name: "Fatti's & Moni's macaroni 500 g",
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6001829015149', isDefault: true },
      { value: '16001829015146', quantity: '20' },
    ],
    salePrice: '21.99',
    opening: [
      { location: 'SHOP', quantity: '14' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'SPAGHETTI-500G',
    name: "Fatti's & Moni's spaghetti 500 g",
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6001829015279', isDefault: true },
      { value: '16001829015276', quantity: '20' },
    ],
    salePrice: '21.99',
    opening: [
      { location: 'SHOP', quantity: '12' },
      { location: 'STORE', quantity: '20' },
    ],
  },
  {
    sku: 'NOODLES-CHICKEN',
    name: 'Two-minute noodles chicken 73 g',
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6002840018829', isDefault: true },
      { value: '16002840018826', quantity: '40' },
    ],
    salePrice: '9.99',
    opening: [
      { location: 'SHOP', quantity: '46' },
      { location: 'STORE', quantity: '80' },
    ],
  },
  {
    sku: 'NOODLES-BEEF',
    name: 'Two-minute noodles beef 73 g',
    category: 'RICE-PASTA',
    unit: 'each',
    barcodes: [
      { value: '6002840018959', isDefault: true },
      { value: '16002840018956', quantity: '40' },
    ],
    salePrice: '9.99',
    opening: [
      { location: 'SHOP', quantity: '38' },
      { location: 'STORE', quantity: '80' },
    ],
  },
];
