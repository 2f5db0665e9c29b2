import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stockroomSchema, type App } from '../src/app.js';
import { parseGlobalId, toGlobalId } from '../src/graphql/global-id.js';
import { checkDigit } from '../src/kernel/gtin.js';
import { newId } from '../src/kernel/ids.js';
import { createTestApp, graphqlReply } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { openStockedShop, type StockedShop } from './support/stocked-shop.js';
import { leavesOf, place, plainFiller, requestFor, rootFields, type Leaf, type RootField } from './support/schema-requests.js';

const DEPTH = 3;
/** All acts of one location are of one type, so one of them stands for all. */
const SAME_AS_A_SALE = ['receive', 'return', 'issue', 'damage', 'expiry', 'adjust', 'count'];

/** Fields that change the item which they are asked about: the next request would be answered differently. */
const MOVES_OR_NAMES = /^(stock(Receive|Issue|Adjust|Count|Transfer|Post)|parkedScanResolve|fileUploadStart)$/;

let database: TestDatabase;
let app: App;
let mine: StockedShop;
let theirs: StockedShop;
let before: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  theirs = await openStockedShop(app, 'THEIRS');
  before = await rowsOfTheirs();
});
// A shop for each test: what one has made out of the other shop's words must not be found by the next.
beforeEach(async () => {
  mine = await openStockedShop(app, 'MINE');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** A digest of all rows of the other shop, by table. */
async function rowsOfTheirs(): Promise<Record<string, string>> {
  const connection = database.orm.em.getConnection();
  const tables: { name: string; column: string }[] = await connection.execute(
    `select table_name as name, column_name as column from information_schema.columns
     where table_schema = 'public' and (column_name = 'shop_id' or (table_name = 'shop' and column_name = 'id'))
       and table_name in (select tablename from pg_tables)`,
  );
  const digests: Record<string, string> = {};
  for (const { name, column } of tables) {
    const [row] = await connection.execute<{ digest: string; count: number }[]>(
      `select count(*)::int as count, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from "${name}" t where "${column}" = ?`,
      [theirs.shopId],
    );
    digests[name] = `${String(row?.count)} ${String(row?.digest)}`;
  }
  return digests;
}

/** What names something of the other shop, and what names nothing at all but looks the same. */
interface Pair {
  readonly what: string;
  readonly foreign: string;
  readonly absent: string;
}

/** Names that the caller makes up, though they are IDs. */
function isOwnName({ name }: RootField, { path }: Leaf): boolean {
  const last = path.at(-1) ?? '';
  return ['key', 'device'].includes(last) || (name.startsWith('scan') && last === 'id');
}

function pairsFor(field: RootField, leaf: Leaf): Pair[] {
  const isText = leaf.scalar === 'String' || isOwnName(field, leaf);
  const named = Object.entries(isText ? theirs.texts : theirs.ids);
  return named.map(([what, foreign]) => ({ what, foreign, absent: isText ? absentText(foreign) : absentId(foreign) }));
}

function absentId(globalId: string): string {
  const parsed = parseGlobalId(globalId);
  if (!parsed) throw new Error(`${globalId} is no global id`);
  return toGlobalId(parsed.type, newId());
}

let made = 0;
function absentText(text: string): string {
  made += 1;
  const number = String(made).padStart(6, '0');
  if (!/^\d{13}$/.test(text)) return `ABSENT-${number}`;
  const digits = `600900${number}`;
  return `${digits}${checkDigit(digits)}`;
}

/** All that differs from one request to the next although it means the same, the value itself included. */
function shapeOf(reply: unknown, value: string): unknown {
  const text = JSON.stringify(reply)
    .replaceAll(JSON.stringify(value).slice(1, -1), '(value)')
    .replaceAll(value.toUpperCase(), '(value)')
    .replaceAll(value.toLowerCase(), '(value)')
    .replaceAll(/"0?(\d{13,14})"/g, (whole, digits: string) => (digits.includes(value) ? '"(value)"' : whole))
    .replaceAll(/"(\w*(?:id|Id|Cursor|cursor|secret|At))":"[^"]+"/g, '"$1":"(made)"')
    .replaceAll(/in \d+ s\b/g, 'in (some) s')
    // It comes back as time goes by.
    .replaceAll(/"currentlyAvailable":\d+/g, '"currentlyAvailable":0')
    .replaceAll(/"url":"[^"]*\/files\/[^"]+"/g, '"url":"(made)"')
    .replaceAll(/GOOD-[\w-]+/g, '(good)')
    .replaceAll(/"clockSkewMs":-?\d+/g, '"clockSkewMs":0');
  return JSON.parse(text);
}

/** Requests of this shop that would succeed, but for one value. */
const good =
  (item: { sku: string; id: string }) =>
  (leaf: Leaf): unknown => {
    const name = leaf.path.at(-1) ?? '';
    if (name === 'sku' && leaf.path.includes('stockItem')) return item.sku;
    if (name === 'reason') return 'GOOD-reason';
    if (name === 'contentType') return 'image/png';
    if (leaf.scalar === 'String') return `GOOD-${newId()}`;
    if (leaf.scalar !== 'ID') return plainFiller(leaf);
    const { ids } = mine;
    const byName: Record<string, string | undefined> = {
      stockItem: item.id,
      category: ids.Category,
      location: ids.Location,
      from: ids.Location,
      to: ids.Other,
    };
    return byName[name] ?? `GOOD-${newId()}`;
  };

async function ask(field: RootField, leaf: Leaf, value: string): Promise<unknown> {
  const item = MOVES_OR_NAMES.test(field.name)
    ? await mine.freshItem()
    : { sku: mine.texts['1'] ?? '', id: mine.ids.StockItem ?? '' };
  const { query, variables } = requestFor(field, { fill: good(item), with: leaf.path, depth: DEPTH });
  place(variables, leaf.path, value);
  return graphqlReply(app, mine.secret, query, variables);
}

const CASES = rootFields(stockroomSchema()).flatMap((field) =>
  leavesOf(field)
    .filter(
      ({ scalar, path }) =>
        ['ID', 'String'].includes(scalar) && path.at(-1) !== 'after' && !SAME_AS_A_SALE.includes(path[3] ?? ''),
    )
    .map((leaf) => [`${field.kind} ${field.name}: ${leaf.path.join('.')}`, field, leaf] as const),
);

describe("another shop's", () => {
  test.each(CASES)('%s', async (_, field, leaf) => {
    for (const { what, foreign, absent } of pairsFor(field, leaf)) {
      const [withTheirs, withNothing] = [await ask(field, leaf, foreign), await ask(field, leaf, absent)];
      expect({ what, reply: shapeOf(withTheirs, foreign) }).toEqual({ what, reply: shapeOf(withNothing, absent) });
      expect(JSON.stringify(shapeOf(withTheirs, foreign))).not.toMatch(theirs.marks);
    }
  });
});

test("another shop's cursors lead through one's own rows only", async () => {
  const lists = [
    'stockItems(',
    'stockItems(sort: NAME, ',
    'stockItems(sort: CREATED_AT, ',
    'stockLevels(',
    'stockMovements(',
    'stockMovementFeed(',
    'parkedScans(',
    'stockAlerts(',
    'reorderSuggestions(',
    'webhookDeliveries(',
    'notifications(',
    'outboxJobs(',
    'auditEntries(',
  ];
  expect(theirs.cursors).toHaveLength(lists.length);
  for (const [index, list] of lists.entries()) {
    const query = `{ ${list}first: 100, after: "${theirs.cursors[index] ?? ''}") { totalCount nodes { ${list.startsWith('reorder') ? 'level { id }' : 'id'} } } }`;
    const reply = await graphqlReply(app, mine.secret, query);
    expect(reply.errors).toBeUndefined();
    expect(JSON.stringify(reply)).not.toMatch(theirs.marks);
  }
});

test("another shop's location and items are unknown to a scanner", async () => {
  const headers = { authorization: `Bearer ${mine.secret}`, 'content-type': 'application/json' };
  const values = [...Object.values(theirs.ids), ...Object.values(theirs.texts)];
  for (const value of values) {
    for (const scan of [{ code: value }, { code: mine.texts.barcode, loc: value }]) {
      const payload = { mode: 'SALE', loc: mine.ids.Location, ...scan };
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/scan', headers, payload });
      expect([scan, statusCode]).toEqual([scan, 'loc' in scan ? 422 : 202]);
      expect(body.replaceAll(value, '')).not.toMatch(theirs.marks);
    }
  }
});

test('nothing of the other shop has changed', async () => {
  expect(Object.keys(before)).toHaveLength(25);
  expect(Object.entries(before).filter(([, digest]) => digest.startsWith('0 '))).toEqual([]);
  expect(await rowsOfTheirs()).toEqual(before);
});
