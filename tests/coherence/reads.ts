import type { Counted } from './counted.js';
import { post } from './http-connection.js';
import type { Subject } from './judge.js';
import type { Category, Item, Level, Shop } from './shop.js';

/** The versions that the data of a reply shows; undefined for what it does not show. */
type Look = (data: never) => (number | undefined)[];

/** One way to look at some subjects. */
export interface Read {
  readonly name: string;
  readonly subjects: readonly Subject[];
  /** To be called when the read begins: how it is sent, and what the data of the reply shows, in the order of the subjects. */
  readonly begin: () => { readonly request: string; readonly look: Look };
}

/** How often each is chosen, beside the others. */
const WEIGHTS = { item: 4, level: 1, code: 2, few: 1 } as const;

interface Named {
  readonly name: string;
}
interface Shown {
  readonly version: number;
  readonly location: { readonly id: string };
}
interface ShownItem extends Named {
  readonly levels: readonly Shown[];
}

/** All reads, each as often as it is to be chosen. */
export function allReads(shop: Shop): Read[] {
  const ask = (query: string, variables: object = {}) => post('/graphql', shop.ownerKey, JSON.stringify({ query, variables }));
  return [
    ...shop.items.flatMap((item) => [
      ...times(WEIGHTS.item, [byId(ask, item), bySku(ask, item), byBarcode(ask, item)]),
      ...times(WEIGHTS.level, [...item.levels.map((level) => byNode(ask, item, level)), levelList(ask, item)]),
      ...times(WEIGHTS.code, [byCode(ask, item)]),
    ]),
    ...times(WEIGHTS.few, [
      ...shop.categories.map((category) => byCategory(ask, category)),
      several(ask, shop),
      names(ask, shop),
    ]),
  ];
}

type Ask = (query: string, variables?: object) => string;

/** A read that is sent as the same text each time. */
function fixed(name: string, subjects: readonly Subject[], request: string, look: Look): Read {
  const begun = { request, look };
  return { name, subjects, begin: () => begun };
}

function levelsIn(item: Item, shown: readonly Shown[] | undefined): (number | undefined)[] {
  return item.levels.map(({ locationId }) => shown?.find(({ location }) => location.id === locationId)?.version);
}

function byId(ask: Ask, item: Item): Read {
  const query = 'query ($id: ID!) { stockItem(by: { id: $id }) { onHand levels { version location { id } } } }';
  return fixed('item by id', item.levels, ask(query, { id: item.id }), ({ stockItem }: { stockItem: ShownItem | null }) =>
    levelsIn(item, stockItem?.levels),
  );
}

function bySku(ask: Ask, item: Item): Read {
  const query = 'query ($sku: String!) { stockItem(by: { sku: $sku }) { name levels { version onHand location { id } } } }';
  const subjects = [item.name, ...item.levels];
  return fixed('item by SKU', subjects, ask(query, { sku: item.sku }), ({ stockItem }: { stockItem: ShownItem | null }) => [
    item.name.numberIn(stockItem?.name),
    ...levelsIn(item, stockItem?.levels),
  ]);
}

/** As a scanner's screen would: the item, its category, and each place asked for by itself. */
function byBarcode(ask: Ask, item: Item): Read {
  const places = item.levels.map(
    ({ locationId }, index) => `at${String(index)}: level(location: "${locationId}") { version onHand }`,
  );
  const query = `query ($code: String!) { stockItem(by: { barcode: $code }) { name category { name } ${places.join(' ')} } }`;
  const subjects = [item.name, item.category.name, ...item.levels];
  interface Data {
    readonly stockItem: (Named & { readonly category: Named } & Readonly<Record<string, Shown>>) | null;
  }
  return fixed('item by barcode', subjects, ask(query, { code: item.barcode }), ({ stockItem }: Data) => [
    item.name.numberIn(stockItem?.name),
    item.category.name.numberIn(stockItem?.category.name),
    ...item.levels.map((_, index) => stockItem?.[`at${String(index)}`]?.version),
  ]);
}

function byNode(ask: Ask, item: Item, level: Level): Read {
  const query = 'query ($id: ID!) { node(id: $id) { ... on StockLevel { version stockItem { name } } } }';
  interface Data {
    readonly node: { readonly version: number; readonly stockItem: Named } | null;
  }
  return fixed('level by id', [level, item.name], ask(query, { id: level.id }), ({ node }: Data) => [
    node?.version,
    item.name.numberIn(node?.stockItem.name),
  ]);
}

function levelList(ask: Ask, item: Item): Read {
  const query = 'query ($id: ID!) { stockLevels(filter: { stockItem: $id }) { nodes { version location { id } } } }';
  return fixed(
    'list of levels',
    item.levels,
    ask(query, { id: item.id }),
    ({ stockLevels }: { stockLevels: { nodes: Shown[] } }) => levelsIn(item, stockLevels.nodes),
  );
}

/** The newest code is found, the one before it is not; and the one to come is asked for, so that "there is none" is remembered of it. */
function byCode(ask: Ask, { id, code }: Item): Read {
  const query = `query ($now: String!, $old: String!, $next: String!) {
    now: stockItem(by: { barcode: $now }) { id } old: stockItem(by: { barcode: $old }) { id } next: stockItem(by: { barcode: $next }) { id } }`;
  interface Data {
    readonly now: { readonly id: string } | null;
    readonly old: unknown;
  }
  const begin = () => {
    const number = code.acknowledged;
    const [old, now, next] = [number - 1, number, number + 1].map((each) => code.text(each));
    const look = ({ now: found, old: left }: Data) => {
      if (left !== null) return [number - 1];
      // It may be gone already where the next one is on its way.
      return [found?.id === id || code.begun > number ? number : undefined];
    };
    return { request: ask(query, { now, old, next }), look };
  };
  return { name: 'item by a replaced barcode', subjects: [code], begin };
}

function byCategory(ask: Ask, { code, name }: Category): Read {
  const query = 'query ($code: String!) { category(by: { code: $code }) { name } }';
  return fixed('category by code', [name], ask(query, { code }), ({ category }: { category: Named | null }) => [
    name.numberIn(category?.name),
  ]);
}

function several(ask: Ask, { items }: Shop): Read {
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on StockItem { name levels { version location { id } } } } }';
  const subjects = items.flatMap(({ name, levels }) => [name, ...levels]);
  const ids = items.map(({ id }) => id);
  return fixed('several items', subjects, ask(query, { ids }), ({ nodes }: { nodes: (ShownItem | null)[] }) =>
    items.flatMap((item, index) => [item.name.numberIn(nodes[index]?.name), ...levelsIn(item, nodes[index]?.levels)]),
  );
}

function names(ask: Ask, { name, locations, categories }: Shop): Read {
  const query = '{ shop { name } locations { name } categories { name } }';
  const within = (shown: readonly Named[], counted: Counted) =>
    shown.map((each) => counted.numberIn(each.name)).find((number) => number !== undefined);
  interface Data {
    readonly shop: Named;
    readonly locations: readonly Named[];
    readonly categories: readonly Named[];
  }
  const subjects = [name, ...locations.map((each) => each.name), ...categories.map((each) => each.name)];
  return fixed('names', subjects, ask(query), (data: Data) => [
    name.numberIn(data.shop.name),
    ...locations.map((each) => within(data.locations, each.name)),
    ...categories.map((each) => within(data.categories, each.name)),
  ]);
}

function times<T>(count: number, values: readonly T[]): T[] {
  return Array.from({ length: count }, () => values).flat();
}
