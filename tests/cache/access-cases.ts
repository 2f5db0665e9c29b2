import type { MutationCase } from './mutation-case.js';
import { SCALE_SETTING } from './world.js';

/** Bread has a level in the shop. */
const BREAD = ['breadById', 'breadBySku', 'breadByEan', 'breadByCase'];

const LOCATION_CASES: readonly MutationCase[] = [
  {
    mutation: 'locationCreate',
    what: 'the shop had only one: who names none has to name one now',
    act: () => 'input: { code: "SECOND", name: "A second room" }',
    shows: ['locations', 'scans'],
    places: [],
  },
  {
    mutation: 'locationUpdate',
    what: 'another name',
    act: ({ ids }) => `id: "${ids.shop}", patch: { name: "The front" }`,
    shows: [...BREAD, 'nodes', 'locations', 'scansInShop'],
  },
  {
    mutation: 'locationUpdate',
    what: 'another code',
    act: ({ ids }) => `id: "${ids.shop}", patch: { code: "FRONT" }`,
    shows: [...BREAD, 'nodes', 'locations', 'scansInShop'],
  },
  {
    mutation: 'locationUpdate',
    what: 'another parent',
    act: ({ ids }) => [
      `id: "${ids.back}", patch: { parent: "${ids.shop}" }`,
      `id: "${ids.empty}", patch: { parent: "${ids.back}" }`,
    ],
    shows: [...BREAD, 'emptyRoom', 'locations'],
  },
  {
    mutation: 'locationArchive',
    what: 'a device that stands there is refused',
    act: ({ ids }) => `id: "${ids.empty}"`,
    shows: ['emptyRoom', 'locations', 'deviceScans'],
  },
  {
    mutation: 'locationArchive',
    what: 'only one is left: nobody has to name it',
    act: ({ ids }) => `id: "${ids.empty}"`,
    shows: ['emptyRoom', 'locations', 'scans'],
    places: ['EMPTY'],
  },
];

const SHOP_CASES: readonly MutationCase[] = [
  {
    mutation: 'shopUpdate',
    what: 'how labels of scales are read',
    act: () => `patch: { variableMeasure: "${SCALE_SETTING}" }`,
    shows: ['shop', 'scans', 'scansInShop', 'deviceScans'],
  },
  {
    mutation: 'shopUpdate',
    what: 'its name and its floor',
    act: () => 'patch: { name: "Another world", stockFloor: null }',
    shows: ['shop', 'reader'],
  },
];

const KEY_CASES: readonly MutationCase[] = [
  {
    mutation: 'apiKeyCreate',
    what: 'it is listed',
    act: ({ ids }) => `input: { name: "Till", role: DEVICE, location: "${ids.shop}" }`,
    shows: ['keys'],
  },
  {
    mutation: 'apiKeyRevoke',
    what: 'who shows it is let in nowhere',
    act: ({ ids }) => [`id: "${ids.readerKey}"`, `id: "${ids.deviceKey}"`],
    shows: ['reader', 'deviceScans', 'keys'],
  },
  {
    mutation: 'apiKeyRotate',
    what: 'who shows the secret of before is let in nowhere',
    act: ({ ids }) => [`id: "${ids.readerKey}", overlapMinutes: 0`, `id: "${ids.deviceKey}", overlapMinutes: 0`],
    shows: ['reader', 'deviceScans'],
  },
];

export const ACCESS_CASES: readonly MutationCase[] = [...LOCATION_CASES, ...SHOP_CASES, ...KEY_CASES];
