import type { MutationCase } from './mutation-case.js';
import { EAN, type World } from './world.js';

const BREAD = ['breadById', 'breadBySku', 'breadByEan', 'breadByCase', 'items'];
const MILK = ['milkById', 'milkBySku', 'milkByCode', 'items'];
const CHEESE = ['cheeseById', 'items'];

/** Of bread in the shop, if nothing else is said. */
function move(world: World, { item = '{ sku: "BREAD" }', location = world.ids.shop, quantity = '2', rest = '' } = {}): string {
  return `input: { key: "test", stockItem: ${item}, location: "${location}", quantity: "${quantity}" ${rest} }`;
}

/** An act of a batch. */
function act(name: string, key: string, fields: string): string {
  return `{ ${name}: { key: "${key}", ${fields} } }`;
}

const MOVE_CASES: readonly MutationCase[] = [
  { mutation: 'stockReceive', what: 'more of it', act: (world) => move(world), shows: [...BREAD, 'scansInShop'] },
  {
    mutation: 'stockReceive',
    what: 'where there was none before',
    act: (world) => move(world, { item: '{ barcode: "MILK-CODE" }', location: world.ids.empty }),
    shows: [...MILK, 'deviceScans'],
  },
  { mutation: 'stockReceive', what: 'a return', act: (world) => `kind: RETURN, ${move(world)}`, shows: BREAD },
  ...['ISSUE', 'DAMAGE'].map((kind) => ({
    mutation: 'stockIssue',
    what: `less of it: ${kind}`,
    act: (world: World) => `kind: ${kind}, ${move(world)}`,
    shows: [...BREAD, 'scansInShop'],
  })),
  {
    mutation: 'stockAdjust',
    what: 'another amount in the back room',
    act: (world) => move(world, { location: world.ids.back, quantity: '-1.5', rest: 'reason: "test"' }),
    shows: BREAD,
  },
  {
    mutation: 'stockCount',
    what: 'what was counted',
    act: (world) => move(world, { quantity: '7' }),
    shows: [...BREAD, 'scansInShop'],
  },
];

const SEVERAL_CASES: readonly MutationCase[] = [
  {
    mutation: 'stockTransfer',
    what: 'both levels',
    act: ({ ids }) =>
      `input: { key: "test", stockItem: { id: "${ids.bread}" }, from: "${ids.shop}", to: "${ids.back}", quantity: "3" }`,
    shows: [...BREAD, 'scansInShop'],
  },
  {
    mutation: 'stockTransfer',
    what: 'to where there was none before',
    act: ({ ids }) =>
      `input: { key: "test", stockItem: { barcode: "${EAN}" }, from: "${ids.back}", to: "${ids.empty}", quantity: "3" }`,
    shows: [...BREAD, 'deviceScans'],
  },
  {
    mutation: 'stockMovementReverse',
    what: 'the opposite of a receipt',
    act: ({ ids }) => `id: "${ids.received}", key: "test"`,
    shows: [...BREAD, 'scansInShop'],
    places: [],
  },
  {
    mutation: 'stockMovementReverse',
    what: 'both sides of a transfer',
    act: ({ ids }) => `id: "${ids.transferred}", key: "test"`,
    shows: [...BREAD, 'scansInShop'],
  },
  ...[true, false].map((atomic) => ({
    mutation: 'stockPost',
    what: `acts on several items, ${atomic ? 'all or none' : 'each for itself'}`,
    act: ({ ids }: World) => {
      const acts = [
        act('receive', '1', `stockItem: { sku: "MILK" }, location: "${ids.shop}", quantity: "4"`),
        act('sale', '2', `stockItem: { sku: "BREAD" }, location: "${ids.back}", quantity: "1"`),
        act('transfer', '3', `stockItem: { sku: "BREAD" }, from: "${ids.shop}", to: "${ids.empty}", quantity: "1"`),
        act('count', '4', `stockItem: { sku: "CHEESE" }, location: "${ids.empty}", quantity: "9"`),
      ];
      return `input: { atomic: ${String(atomic)}, acts: [${acts.join(', ')}] }`;
    },
    shows: [...BREAD, ...MILK, ...CHEESE, 'scansInShop', 'deviceScans'],
  })),
  {
    mutation: 'stockPost',
    what: 'a level that is added for an act which is refused then',
    act: ({ ids }) => {
      const acts = [
        act('receive', '1', `stockItem: { sku: "BREAD" }, location: "${ids.shop}", quantity: "4"`),
        act('sale', '2', `stockItem: { sku: "CHEESE" }, location: "${ids.empty}", quantity: "1"`),
      ];
      return `input: { acts: [${acts.join(', ')}] }`;
    },
    shows: [...BREAD, ...CHEESE],
    refusals: 1,
  },
];

export const STOCK_CASES: readonly MutationCase[] = [...MOVE_CASES, ...SEVERAL_CASES];
