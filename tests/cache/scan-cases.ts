import type { MutationCase } from './mutation-case.js';
import { EAN, UNKNOWN_EAN } from './world.js';

const BREAD = ['breadById', 'breadBySku', 'breadByEan', 'breadByCase', 'nodes', 'items'];
const MILK = ['milkById', 'milkBySku', 'milkByCode', 'items'];

/** A code that got a name; the scan of it that waited has been applied. */
const NAMED = ['parkedByCode', 'parked', 'scans', 'scansInShop', 'deviceScans'];

export const SCAN_CASES: readonly MutationCase[] = [
  ...['RECEIVE', 'SALE'].map((mode): MutationCase => ({
    mutation: 'scan',
    what: `a pack of twelve, then one: ${mode}`,
    act: ({ ids }) => [
      `input: { id: "1", code: "BREAD-CASE", mode: RECEIVE, location: "${ids.shop}" }`,
      `input: { id: "2", code: "${EAN}", mode: ${mode}, location: "${ids.shop}" }`,
    ],
    shows: [...BREAD, 'scansInShop'],
  })),
  {
    mutation: 'scan',
    what: 'a count',
    act: ({ ids }) => `input: { id: "1", code: "MILK-CODE", mode: COUNT, quantity: "3", location: "${ids.empty}" }`,
    shows: [...MILK, 'deviceScans'],
  },
  {
    mutation: 'scan',
    what: 'a code that nobody knows is kept',
    act: ({ ids }) => `input: { id: "1", code: "NEW-CODE", mode: SALE, location: "${ids.shop}" }`,
    shows: ['parked'],
  },
  {
    mutation: 'scanBatch',
    what: 'scans of several items',
    act: ({ ids }) => `input: { device: "till", sentAt: "2026-01-01T00:00:00Z", scans: [
      { id: "1", code: "${EAN}", mode: SALE, location: "${ids.back}" }
      { id: "2", code: "MILK-CODE", mode: RECEIVE, quantity: "2", location: "${ids.empty}" }
      { id: "3", code: "NEW-CODE", mode: RECEIVE, location: "${ids.empty}" }
    ] }`,
    shows: [...BREAD, ...MILK, 'deviceScans', 'parked'],
  },
  {
    mutation: 'barcodeDecode',
    what: 'nothing is found, and nothing written',
    act: () => 'image: "bm8gaW1hZ2U="',
    shows: [],
    refusals: 1,
  },
  {
    mutation: 'parkedScanResolve',
    what: 'the code is a barcode of an item, and what waited is applied',
    act: ({ ids }) => `code: "PARKED-CODE", quantity: "2", stockItem: "${ids.milk}"`,
    shows: [...NAMED, ...MILK],
  },
  {
    mutation: 'parkedScanCreateItem',
    what: 'the code is a barcode of a new item, and what waited is applied',
    act: () => 'code: "PARKED-CODE", input: { sku: "NEW", name: "New", barcodes: [{ value: "NEW-CODE" }] }',
    shows: [...NAMED, 'newBySku', 'newByCode', 'items'],
  },
  {
    mutation: 'parkedScanAcceptSuggestion',
    what: 'the code is a barcode of a new item, and what waited is applied',
    act: () => `code: "${UNKNOWN_EAN}", sku: "NEW"`,
    shows: ['parked', 'newBySku', 'items'],
  },
];
