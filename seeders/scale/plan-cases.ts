import type { EntityManager } from '@mikro-orm/postgresql';
import { AccessReader } from '../../src/features/access/index.js';
import { StockAlertReader } from '../../src/features/alerts/index.js';
import { CatalogReader, StockItemRepository } from '../../src/features/catalog/index.js';
import { StockReader } from '../../src/features/stock/index.js';
import { encodeCursor, type KeysetKind } from '../../src/platform/paging.js';
import type { PlanSample } from './plan-sample.js';
import { MAKERS, RARE_WORDS } from './vocabulary.js';

const PAGE = { first: 50 };

interface Readers {
  readonly em: EntityManager;
  readonly stock: StockReader;
  readonly catalog: CatalogReader;
  readonly access: AccessReader;
  readonly alerts: StockAlertReader;
  readonly sample: PlanSample;
}

/** Cases whose plans are known to read more than the others may, and why that is left so. */
export const KNOWN_PLANS: Readonly<Record<string, string>> = {
  'a month of the shop, a year ago':
    "the list is in the ledger's order, so a walk to a month long ago passes all that came after; an index by time would cost every posting",
  'levels of a shelf':
    'levels know no category, so half of them are read for the first 2,001; an item list is the way to ask for a shelf',
  'levels of a shelf at a location': 'as the levels of a shelf',
  'levels that are low at a location': 'what is low is looked for among the levels that have a rule, half of which are low here',
  'levels below zero, of which there are none':
    'all levels are looked at: an index that knew what is on hand would be written by every movement',
  'items that are low': 'the levels that are low are found first, half of those that have a rule, and their items sorted',
};

/** Something that a client asks for, through the readers that serve it. */
export interface PlanCase {
  readonly name: string;
  readonly run: (em: EntityManager) => Promise<unknown>;
}

type Cases = Readonly<Record<string, (readers: Readers) => Promise<unknown>>>;

const after = (name: string, kinds: readonly KeysetKind[], values: readonly string[]) => ({
  ...PAGE,
  after: encodeCursor({ name, kinds }, values),
});
const MANY = MAKERS[0].toLowerCase();
const FEW = RARE_WORDS[0];

const ITEM_PAGES: Cases = {
  'items by SKU': ({ stock }) => stock.items.page({}, 'SKU', PAGE),
  'items by SKU, deep': ({ stock, sample: { item } }) =>
    stock.items.page({}, 'SKU', after('stockItems.sku', ['text'], [item.sku])),
  'items by name': ({ stock }) => stock.items.page({ archived: false }, 'NAME', PAGE),
  'items by name, deep': ({ stock, sample: { item } }) =>
    stock.items.page({ archived: false }, 'NAME', after('stockItems.name', ['text', 'id'], [item.name, item.id])),
  'items by creation': ({ stock }) => stock.items.page({}, 'CREATED_AT', PAGE),
  'items by creation, deep': ({ stock, sample: { item } }) =>
    stock.items.page({}, 'CREATED_AT', after('stockItems.createdAt', ['instant', 'id'], [item.createdAt, item.id])),
  'items of a department': ({ stock, sample }) => stock.items.page({ category: sample.rootCategoryId }, 'SKU', PAGE),
  'items of a department by name': ({ stock, sample }) => stock.items.page({ category: sample.rootCategoryId }, 'NAME', PAGE),
  'items of a shelf': ({ stock, sample }) => stock.items.page({ category: sample.leafCategoryId }, 'SKU', PAGE),
  'items of a shelf by name': ({ stock, sample }) => stock.items.page({ category: sample.leafCategoryId }, 'NAME', PAGE),
  'items of a location': ({ stock, sample }) => stock.items.page({ location: sample.locationId }, 'NAME', PAGE),
};

/** Each as written by a person, in each order. */
const SEARCHES: Readonly<Record<string, (sample: PlanSample) => string>> = {
  'many hits': () => MANY,
  'few hits': () => FEW,
  'no hit': () => 'qqqzzz',
  'two words': () => `${MANY} rice`,
  'four words': () => `${MANY} baked beans 400`,
  'a part of an SKU': ({ item }) => item.sku.slice(0, -2),
  'an SKU': ({ item }) => item.sku,
  'a barcode': ({ barcode }) => barcode,
  'a part of a barcode': ({ barcode }) => barcode.slice(2, -2),
  'two letters': () => 'ka',
  'two digits and a word': () => `${MANY} 12`,
  'one letter': () => 'k',
};

const SEARCH_PAGES: Cases = Object.fromEntries(
  Object.entries(SEARCHES).flatMap(([name, textOf]) =>
    (['SKU', 'NAME', 'CREATED_AT'] as const).map((sort) => [
      `search, ${name}, by ${sort}`,
      ({ stock, sample }: Readers) => stock.items.page({ search: textOf(sample), archived: false }, sort, PAGE),
    ]),
  ),
);

const LOOK_UPS: Cases = {
  'search, few hits, counted': async ({ stock }) => (await stock.items.page({ search: FEW }, 'SKU', PAGE)).totalCount(),
  'search in a department': ({ stock, sample }) =>
    stock.items.page({ search: MANY, category: sample.rootCategoryId }, 'NAME', PAGE),
  'an item by barcode': ({ catalog, sample }) => catalog.itemByRef({ barcode: sample.barcode }),
  'items by barcode, SKU and id, to be moved': ({ em, sample: { shopId, barcode, item } }) =>
    new StockItemRepository(em).findByRefs(shopId, [{ barcode }, { sku: item.sku }, { id: item.id }]),
  'an item page with categories, barcodes, levels and locations': itemPage,
};

const LEDGER: Cases = {
  'history of a busy item': ({ stock, sample }) => stock.movements.page({ stockItem: sample.busyItemId }, PAGE),
  'history of a quiet item, deep': ({ stock, sample }) => stock.movements.page({ stockItem: sample.item.id }, deepLedger(sample)),
  'history of a location': ({ stock, sample }) => stock.movements.page({ location: sample.locationId }, PAGE),
  'history of a location, deep': ({ stock, sample }) => stock.movements.page({ location: sample.locationId }, deepLedger(sample)),
  'history of an item at a location': ({ stock, sample }) =>
    stock.movements.page({ stockItem: sample.busyItemId, location: sample.locationId }, PAGE),
  'history of the shop': ({ stock }) => stock.movements.page({}, PAGE),
  'history of the shop, deep': ({ stock, sample }) => stock.movements.page({}, deepLedger(sample)),
  'sales of the shop': ({ stock }) => stock.movements.page({ kind: 'SALE' }, PAGE),
  'reversals of the shop': ({ stock }) => stock.movements.page({ kind: 'REVERSAL' }, PAGE),
  'reversals of an item': ({ stock, sample }) => stock.movements.page({ stockItem: sample.busyItemId, kind: 'REVERSAL' }, PAGE),
  'a month of the shop, a year ago': ({ stock }) => stock.movements.page(monthOneYearAgo(), PAGE),
  'a month of an item, a year ago': ({ stock, sample }) =>
    stock.movements.page({ stockItem: sample.busyItemId, ...monthOneYearAgo() }, PAGE),
  'histories of a page of items': async ({ stock }) => {
    const items = await stock.items.page({}, 'SKU', PAGE);
    return Promise.all(items.nodes.map(({ id }) => stock.movements.ofItem(id, { first: 10 })));
  },
  'a movement and what reversed it': async ({ stock, sample }) => [
    await stock.movement(sample.movementId),
    await stock.reversalOfMovement(sample.movementId),
  ],
  'levels of the shop': ({ stock }) => stock.levels.page({}, PAGE),
  'levels of the shop, deep': ({ stock, sample }) => stock.levels.page({}, after('stockLevels', ['id'], [sample.levelId])),
  'levels of a location': ({ stock, sample }) => stock.levels.page({ location: sample.locationId }, PAGE),
  'levels of an item': ({ stock, sample }) => stock.levels.page({ stockItem: sample.item.id }, PAGE),
  'levels of a department': ({ stock, sample }) => stock.levels.page({ category: sample.rootCategoryId }, PAGE),
  'levels of a shelf': ({ stock, sample }) => stock.levels.page({ category: sample.leafCategoryId }, PAGE),
  'levels of a shelf at a location': ({ stock, sample }) =>
    stock.levels.page({ category: sample.leafCategoryId, location: sample.locationId }, PAGE),
};

const LOW: Cases = {
  'levels that are low': ({ stock }) => stock.levels.page({ low: true }, PAGE),
  'levels that are low at a location': ({ stock, sample }) => stock.levels.page({ low: true, location: sample.locationId }, PAGE),
  'levels below zero, of which there are none': ({ stock }) => stock.levels.page({ negative: true }, PAGE),
  'items that are low': ({ stock }) => stock.items.page({ low: true, archived: false }, 'SKU', PAGE),
  'what is to be bought': ({ stock }) => stock.levels.suggestions({}, PAGE),
  'what is to be bought of a shelf': ({ stock, sample }) => stock.levels.suggestions({ category: sample.leafCategoryId }, PAGE),
  'alerts that are open': ({ alerts }) => alerts.page(true, PAGE),
  'alerts that are over': ({ alerts }) => alerts.page(false, PAGE),
  'levels with their alerts': async ({ stock, alerts }) => {
    const { nodes } = await stock.levels.page({}, PAGE);
    return Promise.all(nodes.map(({ id }) => alerts.openOf(id)));
  },
};

export function planCases(sample: PlanSample): PlanCase[] {
  const { shopId } = sample;
  return Object.entries({ ...ITEM_PAGES, ...SEARCH_PAGES, ...LOOK_UPS, ...LEDGER, ...LOW }).map(([name, ask]) => ({
    name,
    run: (em) =>
      ask({
        em,
        sample,
        stock: new StockReader(em, shopId),
        catalog: new CatalogReader(em, shopId),
        access: new AccessReader(em, shopId),
        alerts: new StockAlertReader(em, shopId),
      }),
  }));
}

/** What the item list of a client asks for. */
async function itemPage({ stock, catalog, access }: Readers): Promise<unknown> {
  const { nodes } = await stock.items.page({}, 'NAME', PAGE);
  const categories = await Promise.all(nodes.flatMap(({ category }) => (category ? [catalog.category(category.id)] : [])));
  await Promise.all(categories.flatMap((category) => (category?.parent ? [catalog.category(category.parent.id)] : [])));
  await Promise.all(nodes.map((item) => catalog.barcodesOf(item)));
  const levels = await Promise.all(nodes.map(({ id }) => stock.levelsOf(id)));
  return Promise.all(levels.flat().map(({ location }) => access.location(location.id)));
}

function deepLedger({ seq }: PlanSample) {
  return after('stockMovements', ['integer'], [seq]);
}

function monthOneYearAgo(): { from: Date; to: Date } {
  const from = new Date();
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 1);
  return { from, to };
}
