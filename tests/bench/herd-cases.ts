import type pg from 'pg';
import { toGlobalId } from '../../src/graphql/global-id.js';
import type { RegionName } from '../../src/platform/cache/region.js';
import type { Place } from './place.js';
import { graphqlRequest } from './requests.js';
import { COUNTER } from './set-up.js';
import { readFacts } from './shop.js';

/** One key that many want at once; its requests are as they go over the wire. */
export interface HerdCase {
  readonly title: string;
  readonly region: RegionName;
  /** Found in each statement that loads the key, and in no other of a read. */
  readonly table: string;
  readonly read: string;
  /** Reads what else the read needs, so that the key alone is cold. */
  readonly warm: string;
  /** Changes what the key was loaded from; another time in another way. */
  readonly change: (time: number) => string;
  /** What a reply shows of it, as one text. */
  readonly shown: (data: never) => string;
  /** The same text out of the database. */
  readonly truth: () => Promise<string>;
}

interface Named {
  code: string;
  name: string;
  children?: Named[];
}

export async function herdCases(place: Place): Promise<HerdCase[]> {
  return [await levelsCase(place), await categoriesCase(place)];
}

async function levelsCase({ db, shopId, ownerKey }: Place): Promise<HerdCase> {
  const [[sku] = ['']] = await readFacts(db, shopId);
  const location = toGlobalId(
    'Location',
    await idOf(db, 'select id from location where shop_id = $1 and code = $2', [shopId, COUNTER]),
  );
  const change = `mutation ($input: StockInput!) { stockReceive(input: $input) { replayed userErrors { message } } }`;
  return {
    title: 'levels of one item',
    region: 'levels',
    table: String.raw`\mstock_level\M`,
    read: graphqlRequest(
      ownerKey,
      'query ($sku: String!) { stockItem(by: { sku: $sku }) { levels { onHand location { code } } } }',
      { sku },
    ),
    warm: graphqlRequest(ownerKey, 'query ($sku: String!) { stockItem(by: { sku: $sku }) { id } locations { id } }', { sku }),
    change: (time) =>
      graphqlRequest(ownerKey, change, { input: { key: `herd-${String(time)}`, stockItem: { sku }, location, quantity: 1 } }),
    shown: ({ stockItem }: { stockItem: { levels: { onHand: string; location: { code: string } }[] } }) =>
      sorted(stockItem.levels.map(({ onHand, location: { code } }) => `${code} ${onHand}`)),
    truth: async () => {
      const levels = (await readFacts(db, shopId)).get(sku)?.levels ?? new Map<string, string>();
      return sorted([...levels].map(([code, onHand]) => `${code} ${onHand}`));
    },
  };
}

async function categoriesCase({ db, shopId, ownerKey }: Place): Promise<HerdCase> {
  const root = 'select id from category where shop_id = $1 and parent_id is null order by code';
  const id = toGlobalId('Category', await idOf(db, root, [shopId]));
  const change =
    'mutation ($id: ID!, $patch: CategoryPatch!) { categoryUpdate(id: $id, patch: $patch) { userErrors { message } } }';
  const flat = (list: readonly Named[]): Named[] => list.flatMap((each) => [each, ...flat(each.children ?? [])]);
  return {
    title: 'the tree of categories',
    region: 'categories',
    table: String.raw`\mcategory\M`,
    read: graphqlRequest(ownerKey, '{ categories { code name children { code name children { code name } } } }'),
    warm: graphqlRequest(ownerKey, '{ shop { id } }'),
    change: (time) => graphqlRequest(ownerKey, change, { id, patch: { name: `Changed ${String(time)}` } }),
    shown: ({ categories }: { categories: Named[] }) => sorted(flat(categories).map(({ code, name }) => `${code} ${name}`)),
    truth: async () => {
      const { rows } = await db.query<Named>('select code, name from category where shop_id = $1', [shopId]);
      return sorted(rows.map(({ code, name }) => `${code} ${name}`));
    },
  };
}

async function idOf(db: pg.Client, sql: string, values: readonly string[]): Promise<string> {
  const { rows } = await db.query<{ id: string }>(sql, [...values]);
  return rows[0]?.id ?? '';
}

function sorted(lines: readonly string[]): string {
  return [...lines].sort().join('\n');
}
