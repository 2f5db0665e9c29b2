import { createHash } from 'node:crypto';
import { KEYS, LOCATIONS } from '../../../src/features/access/access.region.js';
import { BARCODES, CATEGORIES, ITEMS, SKUS } from '../../../src/features/catalog/catalog.region.js';
import { LEVELS } from '../../../src/features/stock/stock.region.js';
import type { NearEntry } from '../../../src/platform/cache/near-tier.js';
import type { Region, RegionName } from '../../../src/platform/cache/region.js';

const LOCATIONS_OF_AN_ITEM = 4;
const CATEGORIES_OF_A_SHOP = 40;
const SHOP = idOf(0);
const MADE_AT_MS = 1_790_000_000_000;
const NAMES = [
  'Screw, countersunk, stainless A2, 4×40',
  'Автоматический выключатель, однополюсный, B16, 6 кА',
  'Blue mug with a handle',
  'T-shirt, organic cotton, washed black, size L, regular fit',
];

/** A near entry and the key that it stands under. */
export interface CachedRow {
  readonly key: string;
  readonly entry: NearEntry;
}

/** "There is none" for the code with this number. */
export function unknownCode(number: number): CachedRow {
  const { key, entry } = cachedRow('barcodes', number);
  return { key, entry: { stamp: entry.stamp, value: undefined, size: 'null'.length } };
}

/** The value with this number as it comes out of a cache; no two have the same key. Strings are as long as a shop's are. */
export function cachedRow(name: RegionName, number: number): CachedRow {
  return MAKERS[name](number);
}

const MAKERS: Readonly<Record<RegionName, (number: number) => CachedRow>> = {
  keys: (number) => row(KEYS, createHash('sha256').update(String(number)).digest('hex'), keyOf(number)),
  locations: (number) => row(LOCATIONS, { shopId: SHOP, id: idOf(number) }, locationOf(number)),
  categories: (number) => row(CATEGORIES, idOf(number), categoriesOf(number)),
  items: (number) => row(ITEMS, { shopId: SHOP, text: idOf(number) }, itemOf(number)),
  skus: (number) => row(SKUS, { shopId: SHOP, text: skuOf(number) }, itemOf(number)),
  barcodes: (number) => row(BARCODES, { shopId: SHOP, text: codeOf(number) }, barcodeOf(number)),
  levels: (number) => row(LEVELS, { shopId: SHOP, stockItemId: idOf(number) }, levelsOf(number)),
};

function row<Id, Value>(region: Region<Id, Value>, id: Id, json: object): CachedRow {
  const text = JSON.stringify(json);
  // Each item's levels have a stamp of their own; a shop's rows share one, which is counted with each here.
  const stamp = `PROCESSTAG012345.${createHash('sha256').update(region.stampOf(id)).digest('hex').slice(0, 6)}`;
  const value = region.codec.decode(JSON.parse(text) as never);
  return { key: `${region.name}.${String(region.version)}/${region.keyOf(id)}`, entry: { stamp, value, size: text.length } };
}

function idOf(number: number): string {
  const hex = number.toString(16).padStart(12, '0');
  return `0192f0c1-7a3b-7${hex.slice(0, 3)}-8c4d-${hex.slice(3)}abc`;
}

function skuOf(number: number): string {
  return `SKU-${String(number).padStart(8, '0')}`;
}

function codeOf(number: number): string {
  return String(40_000_000_000_000 + number);
}

function timeOf(number: number): string {
  return new Date(MADE_AT_MS + number).toISOString();
}

const times = (number: number) => ({ createdAt: timeOf(number), updatedAt: timeOf(2 * number) });

function itemOf(number: number): object {
  return {
    ...{ shopId: SHOP, id: idOf(number), sku: skuOf(number), name: `${NAMES[number % NAMES.length] ?? ''} ${String(number)}` },
    unit: 'EA',
    description:
      number % 2 === 0 ? null : `To be kept dry. Packed by ten, ${String(number)} of them on a pallet of the maker's own.`,
    categoryId: idOf(number % CATEGORIES_OF_A_SHOP),
    salePrice: `${String(number % 1000)}.95`,
    archivedAt: null,
    ...times(number),
  };
}

function barcodeOf(number: number): object {
  const of = { shopId: SHOP, normalized: codeOf(number), value: codeOf(number).slice(1), isDefault: number % 2 === 0 };
  return { ...of, quantity: '1', stockItem: itemOf(number) };
}

function levelsOf(number: number): object {
  return Array.from({ length: LOCATIONS_OF_AN_ITEM }, (_, place) => ({
    ...{ shopId: SHOP, id: idOf(LOCATIONS_OF_AN_ITEM * number + place), version: 1 + (number % 100) },
    ...{ stockItemId: idOf(number), locationId: idOf(place), onHand: `${String(number % 500)}.25`, updatedAt: timeOf(number) },
  }));
}

function locationOf(number: number): object {
  const of = { shopId: SHOP, id: idOf(number), code: `A-${String(number)}`, name: `Aisle ${String(number)}`, parentId: idOf(1) };
  return { ...of, archivedAt: null, ...times(number) };
}

function categoriesOf(number: number): object {
  const category = (of: number) => ({ id: idOf(of), code: `C-${String(of)}`, name: `Category ${String(of)}`, parentId: null });
  return {
    shopId: idOf(number),
    all: Array.from({ length: CATEGORIES_OF_A_SHOP }, (_, of) => ({ ...category(of), ...times(number) })),
  };
}

function keyOf(number: number): object {
  return {
    ...{ actorId: idOf(number), name: `Scanner ${String(number)}`, role: 'DEVICE', locationId: idOf(1), mode: 'COUNT' },
    permissions: null,
    lastUsedAt: timeOf(number),
    expiresAt: null,
    shop: {
      ...{ id: SHOP, name: 'Corner shop', currency: 'EUR', timeZone: 'Europe/Berlin', stockFloor: '0', variableMeasure: 'none' },
      ...times(number),
    },
  };
}
