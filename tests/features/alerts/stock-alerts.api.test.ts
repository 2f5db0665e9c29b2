import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import type { App } from '../../../src/app.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { countsStatements, statementsOf } from '../../support/statements.js';

const SKUS = ['A', 'B', 'C'];

interface Alert {
  id: string;
  kind: string;
  openedAt: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  resolvedAt: string | null;
  level: { onHand: string; stockItem: { sku: string } };
}
interface AlertPage {
  totalCount: number;
  nodes: Alert[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

const FIELDS = 'id kind openedAt acknowledgedAt acknowledgedBy resolvedAt level { onHand stockItem { sku } }';
const PAGE = `totalCount nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }`;
const ACKNOWLEDGE = `mutation ($id: ID!) { stockAlertAcknowledge(id: $id) { alert { ${FIELDS} } userErrors { code path } } }`;

let database: TestDatabase;
let app: App;
let owner: GraphQLClient;
let clerk: GraphQLClient;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  const { secret } = await app.services.shops.create({ name: 'Alerts', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  owner = appClient(app, secret);
  const { apiKeyCreate } = await owner<{ apiKeyCreate: { secret: string } }>(
    'mutation { apiKeyCreate(input: { name: "Till 1", role: CLERK }) { secret } }',
  );
  clerk = appClient(app, apiKeyCreate.secret);
  for (const sku of SKUS) {
    await owner('mutation ($sku: String!) { stockItemCreate(input: { sku: $sku, name: $sku }) { userErrors { code } } }', {
      sku,
    });
    await move('stockReceive', sku);
    await move('stockIssue', sku);
  }
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function move(field: 'stockReceive' | 'stockIssue', sku: string): Promise<void> {
  const input = { key: newId(), stockItem: { sku }, quantity: 1 };
  await owner(`mutation ($input: StockInput!) { ${field}(input: $input) { userErrors { code } } }`, { input });
}

async function list(args = ''): Promise<AlertPage> {
  return (await owner<{ stockAlerts: AlertPage }>(`{ stockAlerts${args} { ${PAGE} } }`)).stockAlerts;
}

const skusOf = ({ nodes }: AlertPage) => nodes.map(({ level }) => level.stockItem.sku);

test('what is open is listed, the newest first, page by page; what is resolved when it is asked for', async () => {
  expect([skusOf(await list()), (await list()).totalCount]).toEqual([['C', 'B', 'A'], 3]);
  const first = await list('(first: 2)');
  expect([skusOf(first), first.pageInfo.hasNextPage]).toEqual([['C', 'B'], true]);
  expect(skusOf(await list(`(first: 2, after: "${first.pageInfo.endCursor}")`))).toEqual(['A']);
  await move('stockReceive', 'B');
  expect([skusOf(await list()), skusOf(await list('(open: false)')), skusOf(await list('(open: null)'))]).toEqual([
    ['C', 'A'],
    ['B'],
    ['C', 'B', 'A'],
  ]);
  const [resolved] = (await list('(open: false)')).nodes;
  expect(resolved).toMatchObject({ kind: 'OUT_OF_STOCK', level: { onHand: '1' } });
  expect(Date.parse(resolved?.resolvedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(resolved?.openedAt ?? ''));
});

test('whoever acknowledges it first is named, and it stays open', async () => {
  const { nodes } = await list();
  const id = nodes[0]?.id;
  const before = await clerk<{ stockAlertAcknowledge: { alert: Alert } }>(ACKNOWLEDGE, { id });
  expect(before.stockAlertAcknowledge).toMatchObject({
    alert: { id, acknowledgedBy: 'Till 1', resolvedAt: null },
    userErrors: [],
  });
  expect(before.stockAlertAcknowledge.alert.acknowledgedAt).toMatch(/Z$/);
  expect(await owner(ACKNOWLEDGE, { id })).toEqual(before);
  expect((await list()).nodes.find((alert) => alert.id === id)).toEqual(before.stockAlertAcknowledge.alert);
  expect(await owner(ACKNOWLEDGE, { id: 'x' })).toEqual({
    stockAlertAcknowledge: { alert: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] },
  });
});

test('an alert is found by its id, and from its level while it is open', async () => {
  const [alert] = (await list()).nodes;
  const { node } = await owner<{ node: Alert }>(`query ($id: ID!) { node(id: $id) { ... on StockAlert { ${FIELDS} } } }`, {
    id: alert?.id,
  });
  expect(node).toEqual(alert);
  const { stockLevels } = await owner<{ stockLevels: { nodes: { onHand: string; alerts: { kind: string }[] }[] } }>(
    '{ stockLevels { nodes { onHand alerts { kind } } } }',
  );
  for (const { onHand, alerts } of stockLevels.nodes) {
    expect(alerts).toEqual(onHand === '0' ? [{ kind: 'OUT_OF_STOCK' }] : []);
  }
});

test('the alerts of many levels are one statement', async (context: TestContext) => {
  const em = database.orm.em.fork();
  if (!(await countsStatements(em))) context.skip('this server does not load pg_stat_statements');
  const statements = await statementsOf(em, () => owner('{ stockLevels { nodes { alerts { kind } } } }'));
  expect(statements.filter((sql) => sql.includes('stock_alert'))).toHaveLength(1);
});
