import { afterAll, beforeAll, expect, test } from 'vitest';
import { stockroomSchema, type App } from '../src/app.js';
import { parseGlobalId, toGlobalId } from '../src/graphql/global-id.js';
import { newId } from '../src/kernel/ids.js';
import { createTestApp, graphqlReply, testConfig } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { leavesOf, place, plainFiller, requestFor, rootFields, type Leaf, type RootField } from './support/schema-requests.js';
import { countsStatements, statementsOf } from './support/statements.js';
import { openStockedShop, type StockedShop } from './support/stocked-shop.js';

/** When a key was last used is noted once in a while, whoever waits for what. */
const NOTED_ASIDE = 'last_used_at';
/** All acts of one location are of one type, so one of them stands for all. */
const SAME_AS_A_SALE = ['receive', 'return', 'issue', 'damage', 'expiry', 'adjust', 'count'];

let database: TestDatabase;
let app: App;
let mine: StockedShop;
let theirs: StockedShop;
let isCounted: boolean;

beforeAll(async () => {
  database = await createTestDatabase();
  // What is kept for a time might be forgotten between two questions.
  app = await createTestApp(database, { config: testConfig({ CACHE: 'off' }) });
  isCounted = await countsStatements(database.orm.em);
  [theirs, mine] = [await openStockedShop(app, 'THEIRS'), await openStockedShop(app, 'MINE')];
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const CASES = rootFields(stockroomSchema()).flatMap((field) =>
  leavesOf(field)
    .filter(({ scalar, path }) => scalar === 'ID' && !['after', 'key', 'device'].includes(path.at(-1) ?? ''))
    .filter(({ path }) => !SAME_AS_A_SALE.includes(path[3] ?? ''))
    .map((leaf) => [`${field.kind} ${field.name}: ${leaf.path.join('.')}`, field, leaf] as const),
);

/** One's own of what else the request needs. */
function own({ path, scalar }: Leaf): unknown {
  const { ids } = mine;
  const byName: Record<string, string | undefined> = {
    stockItem: ids.StockItem,
    category: ids.Category,
    location: ids.Location,
    from: ids.Location,
    to: ids.Other,
  };
  return scalar === 'ID' ? (byName[path.at(-1) ?? ''] ?? newId()) : scalar === 'String' ? newId() : plainFiller({ path, scalar });
}

function absent(globalId: string): string {
  const parsed = parseGlobalId(globalId);
  if (!parsed) throw new Error(`${globalId} is no global id`);
  return toGlobalId(parsed.type, newId());
}

function ask(field: RootField, leaf: Leaf, id: string): Promise<unknown> {
  const { query, variables } = requestFor(field, { fill: own, with: leaf.path, depth: 1 });
  place(variables, leaf.path, id);
  return graphqlReply(app, mine.secret, query, variables);
}

/** What the database is asked for one request, in order of the texts. */
async function cost(field: RootField, leaf: Leaf, id: string): Promise<string[]> {
  const asked = await statementsOf(database.orm.em, () => ask(field, leaf, id));
  return asked.filter((sql) => !sql.includes(NOTED_ASIDE)).sort();
}

// Time itself differs from one request to the next by more than an index's hit from its miss; what takes time is what the database is asked.
test.each(CASES)("another shop's id costs what one costs that does not exist: %s", async (_, field, leaf) => {
  if (!isCounted) return;
  for (const [what, id] of Object.entries(theirs.ids)) {
    expect({ what, asked: await cost(field, leaf, id) }).toEqual({ what, asked: await cost(field, leaf, absent(id)) });
  }
});
