import { getNamedType, isEnumType, isObjectType, type GraphQLField, type GraphQLOutputType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stockroomSchema, type App } from '../src/app.js';
import { parseGlobalId } from '../src/graphql/global-id.js';
import { isId, newId } from '../src/kernel/ids.js';
import { appClient, createTestApp, graphqlReply } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { selectionOf } from './support/schema-requests.js';
import { openStockedShop, type StockedShop } from './support/stocked-shop.js';

/** Of a node: itself, and what it is beside, such as the level of a suggestion. */
const DEPTH = 2;
const FIRST = 5;

let database: TestDatabase;
let app: App;
let mine: StockedShop;
let theirs: StockedShop;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  // The other's rows lie between one's own, in the order of time and of names: GOOD-…, KIOSK, MINE.
  mine = await openStockedShop(app, 'MINE');
  theirs = await openStockedShop(app, 'KIOSK');
  for (const shop of [theirs, mine]) await shop.freshItem();
  await Promise.all([mine, theirs].map(fileBreadAsFood));
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function fileBreadAsFood({ secret, ids }: StockedShop): Promise<void> {
  const patch = { category: ids.Category };
  await appClient(app, secret)(
    'mutation ($id: ID!, $patch: StockItemPatch!) { stockItemUpdate(id: $id, patch: $patch) { userErrors { code } } }',
    { id: ids.StockItem, patch },
  );
}

/** A field that gives pages, in one of the orders that it knows. */
interface Paged {
  readonly type: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly choice: string;
}

/** Every field of the schema that takes a cursor, once with each value of what there is to choose from; subscriptions apart. */
const PAGED: Paged[] = Object.values(stockroomSchema().getTypeMap()).flatMap((type) => {
  if (!isObjectType(type) || type.name === 'Subscription') return [];
  const fields = Object.values(type.getFields()).filter(({ args }) => args.some(({ name }) => name === 'after'));
  return fields.flatMap((field) => choicesOf(field).map((choice) => ({ type: type.name, field, choice })));
});

function choicesOf({ args }: GraphQLField<unknown, unknown>): string[] {
  const choices = args.flatMap(({ name, type }) =>
    isEnumType(type) ? type.getValues().map((value) => `${name}: ${value.name}, `) : [],
  );
  return ['', ...choices];
}

interface Found {
  readonly pageInfo: { readonly startCursor: string | null; readonly endCursor: string | null };
  readonly nodes: readonly object[];
}

interface Answer {
  readonly body: string;
  /** Of the first and the last row of the page. */
  readonly ends: readonly { readonly cursor: string; readonly node: object }[];
  readonly code: unknown;
}

/** A page of the shop's own, on from a cursor. */
async function ask({ type, field, choice }: Paged, shop: StockedShop, after?: string): Promise<Answer> {
  const nodes = selectionOf(outputOf(field.type, 'nodes'), DEPTH);
  const selection = `{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes ${nodes} }`;
  const page = `page: ${field.name}(${choice}first: ${String(FIRST)}, after: $after) ${selection}`;
  const parent = shop.ids[type] ?? '';
  const query = type === 'Query' ? page : `node(id: "${parent}") { ... on ${type} { ${page} } }`;
  const reply = await graphqlReply(app, shop.secret, `query ($after: String) { ${query} }`, { after });
  const { data, errors } = reply as { data?: { page?: Found; node?: { page?: Found } } | null; errors?: typeof reply.errors };
  const found = data?.page ?? data?.node?.page;
  // How much of an actor's share is left comes back as time goes by; each request has an id of its own.
  const body = JSON.stringify({ data, errors }).replace(/"requestId":"[^"]+"/, '"requestId":""');
  return { body, ends: found ? endsOf(found) : [], code: errors?.[0]?.extensions.code };
}

function endsOf({ nodes, pageInfo: { startCursor, endCursor } }: Found): Answer['ends'] {
  const [first, last] = [nodes.at(0), nodes.at(-1)];
  if (!first || !last || startCursor === null || endCursor === null) return [];
  return [
    { cursor: startCursor, node: first },
    { cursor: endCursor, node: last },
  ];
}
function outputOf(type: GraphQLOutputType, field: string): GraphQLOutputType {
  const named = getNamedType(type);
  const found = isObjectType(named) ? named.getFields()[field] : undefined;
  if (!found) throw new Error(`${String(type)} has no ${field}.`);
  return found.type;
}

const partsOf = (cursor: string): string[] => JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];

/** At the same place of the order, of nothing that there is. */
function absent(cursor: string): string {
  const [name = '', ...values] = partsOf(cursor);
  const last = values.pop() ?? '';
  const other = isId(last) ? `${last.slice(0, -1)}${last.endsWith('0') ? '1' : '0'}` : `${last}!`;
  return Buffer.from(JSON.stringify([name, ...values, other])).toString('base64url');
}

/** All that a node shows, row ids as they are in the database and instants as one writes them. */
function shownBy(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object') return Object.values(value).flatMap(shownBy);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const id = parseGlobalId(text)?.id;
  return [text, ...(id === undefined ? [] : [id])];
}

function isShown(part: string, node: object): boolean {
  const shown = shownBy(node);
  const isInstant = /^\d{4}-\d\d-\d\dT/.test(part);
  return shown.includes(part) || (isInstant && shown.some((text) => Date.parse(text) === Date.parse(part)));
}

const CASES = PAGED.map((paged) => [`${paged.type}.${paged.field.name}(${paged.choice.slice(0, -2)})`, paged] as const);

describe('a cursor', () => {
  test.each(CASES)(
    "of another shop's %s leads where one leads that there is not, through one's own rows only",
    async (_, paged) => {
      const { ends } = await ask(paged, theirs);
      for (const { cursor } of ends) {
        const [withTheirs, withNothing] = [await ask(paged, mine, cursor), await ask(paged, mine, absent(cursor))];
        expect(withTheirs.body).toBe(withNothing.body);
        expect([undefined, 'BAD_USER_INPUT']).toContain(withTheirs.code);
        expect(withTheirs.body).not.toMatch(theirs.marks);
      }
    },
  );

  test.each(CASES)('of %s tells nothing but what its own row shows', async (_, paged) => {
    const { ends } = await ask(paged, mine);
    for (const { cursor, node } of ends) {
      const [, ...values] = partsOf(cursor);
      expect(values.filter((value) => !isShown(value, node))).toEqual([]);
      expect((await ask(paged, mine, cursor)).code).toBeUndefined();
    }
  });
});

test('every list that goes on from a cursor was looked at with rows of both shops in it', async () => {
  const names = new Set(PAGED.map(({ type, field }) => `${type}.${field.name}`));
  expect(names.size).toBeGreaterThan(12);
  for (const shop of [mine, theirs]) {
    const filled = new Set<string>();
    for (const paged of PAGED) {
      if ((await ask(paged, shop)).ends.length > 0) filled.add(`${paged.type}.${paged.field.name}`);
    }
    expect([...names].filter((name) => !filled.has(name))).toEqual([]);
  }
});

test('a line of the ledger that nobody has is no place to go on from', async () => {
  for (const name of ['stockMovements', 'stockMovementFeed']) {
    const after = Buffer.from(JSON.stringify([name, newId()])).toString('base64url');
    const reply = await graphqlReply(app, mine.secret, `{ ${name}(after: "${after}") { totalCount } }`);
    expect(reply.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  }
});
