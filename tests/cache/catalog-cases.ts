import type { MutationCase } from './mutation-case.js';
import { EAN } from './world.js';

/** By id, by SKU and by each code. */
const BREAD = ['breadById', 'breadBySku', 'breadByEan', 'breadByCase'];
const MILK = ['milkById', 'milkBySku', 'milkByCode'];
const SCANS = ['scans', 'scansInShop'];
const TREE = ['rye', 'ryeByCode', 'roots', 'beneathFood'];

const ITEM_CASES: readonly MutationCase[] = [
  {
    mutation: 'stockItemCreate',
    what: 'its SKU and its code were asked for before and known to nobody',
    act: ({ ids }) => `input: { sku: "NEW", name: "New", category: "${ids.rye}", barcodes: [{ value: "NEW-CODE" }] }`,
    shows: ['newBySku', 'newByCode', 'items', 'rye', ...SCANS],
  },
  {
    mutation: 'stockItemUpdate',
    what: 'another name',
    act: ({ ids }) => `id: "${ids.bread}", patch: { name: "Dark rye bread" }`,
    shows: [...BREAD, 'nodes', 'items', ...SCANS],
  },
  {
    mutation: 'stockItemUpdate',
    what: 'another price and a description',
    act: ({ ids }) => `id: "${ids.bread}", patch: { salePrice: "12.5", description: "Baked today" }`,
    shows: BREAD,
  },
  {
    mutation: 'stockItemUpdate',
    what: 'what was cleared',
    act: ({ ids }) => `id: "${ids.bread}", patch: { salePrice: null, category: null }`,
    shows: [...BREAD, 'rye'],
  },
  {
    mutation: 'stockItemUpdate',
    what: 'another category',
    act: ({ ids }) => [
      `id: "${ids.bread}", patch: { category: "${ids.tools}" }`,
      `id: "${ids.milk}", patch: { category: "${ids.rye}" }`,
    ],
    shows: [...BREAD, ...MILK, 'rye', 'tools'],
  },
  {
    mutation: 'stockItemUpdate',
    what: 'a code that it no longer has, and one that it has now',
    act: ({ ids }) => `id: "${ids.bread}", patch: { barcodes: [{ value: "${EAN}" }, { value: "NEW-CODE", quantity: "6" }] }`,
    shows: ['breadByCase', 'newByCode', ...BREAD, ...SCANS],
  },
  {
    mutation: 'stockItemUpdate',
    what: 'a code that moves from one item to another',
    act: ({ ids }) => [
      `id: "${ids.bread}", patch: { barcodes: [{ value: "${EAN}" }] }`,
      `id: "${ids.milk}", patch: { barcodes: [{ value: "BREAD-CASE" }] }`,
    ],
    shows: ['breadByCase', 'milkByCode', ...SCANS],
  },
  {
    mutation: 'stockItemUpdate',
    what: 'no codes at all',
    act: ({ ids }) => `id: "${ids.bread}", patch: { barcodes: [] }`,
    shows: ['breadByEan', 'breadByCase', ...SCANS],
  },
  {
    mutation: 'stockItemArchive',
    what: 'it is archived, and in no list',
    act: ({ ids }) => `id: "${ids.bread}"`,
    shows: [...BREAD, 'items', 'rye'],
  },
];

const CATEGORY_CASES: readonly MutationCase[] = [
  {
    mutation: 'categoryCreate',
    what: 'beneath another, under a code that was asked for before',
    act: ({ ids }) => `input: { code: "new", name: "New", parent: "${ids.rye}" }`,
    shows: ['newCategory', 'rye', 'ryeByCode', 'beneathFood'],
  },
  {
    mutation: 'categoryCreate',
    what: 'a root',
    act: () => 'input: { code: "NEW", name: "New" }',
    shows: ['newCategory', 'roots'],
  },
  {
    mutation: 'categoryUpdate',
    what: 'another name',
    act: ({ ids }) => `id: "${ids.rye}", patch: { name: "Breads of rye" }`,
    shows: [...BREAD, 'nodes', ...TREE],
  },
  {
    mutation: 'categoryUpdate',
    what: 'another code',
    act: ({ ids }) => `id: "${ids.rye}", patch: { code: "NEW" }`,
    shows: ['rye', 'ryeByCode', 'newCategory', 'roots'],
  },
  {
    mutation: 'categoryUpdate',
    what: 'moved with what is beneath it',
    act: ({ ids }) => `id: "${ids.food}", patch: { parent: "${ids.tools}" }`,
    shows: [...BREAD, 'tools', ...TREE],
  },
  {
    mutation: 'categoryUpdate',
    what: 'made a root',
    act: ({ ids }) => `id: "${ids.rye}", patch: { parent: null }`,
    shows: [...BREAD, ...TREE],
  },
  {
    mutation: 'categoryDelete',
    what: 'it is gone',
    act: ({ ids }) => `id: "${ids.tools}"`,
    shows: ['tools', 'roots'],
  },
];

export const CATALOG_CASES: readonly MutationCase[] = [...ITEM_CASES, ...CATEGORY_CASES];
