import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stockroomSchema } from '../../src/app.js';
import { projectFolder } from '../../src/platform/project-folder.js';
import { printSortedSchema } from '../../src/transport/build-schema.js';
import { readPlaygroundTabs } from '../../src/transport/playground.js';
import { graphqlReply } from '../support/app.js';
import { createDemoApp, type DemoApp } from '../support/demo-app.js';

const EMITTED = readFileSync(`${projectFolder('schema')}/schema.graphql`, 'utf8');
const TABS = await readPlaygroundTabs(projectFolder('schema', 'operations'));
const OPERATIONS = new Map(TABS.map(({ query }) => [/^\w+ (\w+)/.exec(query)?.[1] ?? query, query]));

test('schema.graphql is what the server serves', () => {
  expect(printSortedSchema(stockroomSchema())).toBe(EMITTED);
});

describe('each example operation', () => {
  test.each([...OPERATIONS])('%s is valid', (_, query) => {
    expect(validate(buildSchema(EMITTED), parse(query))).toEqual([]);
  });
});

interface Refusal {
  code: string;
  message: string;
  level?: { onHand: string };
}

/** What is refused anywhere in a reply. */
function refusalsIn(value: unknown): Refusal[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => (field === 'userErrors' ? (inner as Refusal[]) : refusalsIn(inner)));
}

describe('in the demo shop, as the playground sends them', () => {
  let demo: DemoApp;
  beforeAll(async () => {
    demo = await createDemoApp();
  });
  afterAll(() => demo.close());

  async function run(name: string): Promise<Record<string, unknown>> {
    const { access, variables } = demo.demo;
    const reply = await graphqlReply(demo.app, access.adminKey, OPERATIONS.get(name) ?? '', { ...variables });
    expect(reply.errors).toBeUndefined();
    return reply.data as Record<string, unknown>;
  }

  /** ClientSell asks for more than there is, to show a refusal. */
  const REFUSED = new Map([['ClientSell', ['INSUFFICIENT_STOCK']]]);

  test.each([...OPERATIONS.keys()])('%s runs as it stands', async (name) => {
    const data = await run(name);
    expect(refusalsIn(data).map(({ code }) => code)).toEqual(REFUSED.get(name) ?? []);
    expect(JSON.stringify(data)).not.toContain(':null,"userErrors":[]');
  });

  test('the shop, its items and its history are in the replies', async () => {
    const shop = await run('AdminShop');
    expect(shop).toMatchObject({
      shop: { currency: 'ZAR' },
      locations: [{ code: 'BAKERY' }, { code: 'SHOP' }, { code: 'STORE' }],
    });
    const { stockItems } = (await run('ClientFind')) as { stockItems: { nodes: { sku: string; levels: object[] }[] } };
    expect(stockItems.nodes).toHaveLength(5);
    expect(stockItems.nodes.flatMap(({ levels }) => levels).length).toBeGreaterThan(0);
    const { stockItem } = (await run('ClientHistory')) as {
      stockItem: { stockMovements: { nodes: object[]; totalCount: number } };
    };
    expect(stockItem.stockMovements.nodes).toHaveLength(stockItem.stockMovements.totalCount);
  });

  test('an item added twice is a DUPLICATE', async () => {
    expect(refusalsIn(await run('AdminAddItem')).map(({ code }) => code)).toEqual(['DUPLICATE']);
  });

  test('a delivery sent twice is replayed, and moves nothing twice', async () => {
    const [second, third] = [await run('ClientReceive'), await run('ClientReceive')];
    expect(second).toMatchObject({ stockReceive: { replayed: true, movement: { quantity: '6' } } });
    expect(third).toEqual(second);
  });

  test('the refused sale carries the level as it is', async () => {
    const [refusal] = refusalsIn(await run('ClientSell'));
    const { stockItem } = (await run('ClientHistory')) as { stockItem: { stockMovements: { nodes: Line[] } } };
    const last = stockItem.stockMovements.nodes.find(({ location }) => location.code === 'SHOP');
    expect(refusal?.level?.onHand).toBe(last?.balanceAfter);
  });

  test('beeps sent twice are REPLAYED', async () => {
    expect(await run('ScannerBeep')).toMatchObject({ scan: { outcome: 'REPLAYED' } });
    const { scanBatch } = (await run('ScannerBatch')) as { scanBatch: { results: { outcome: string }[] } };
    expect(scanBatch.results.map(({ outcome }) => outcome)).toEqual(['APPLIED', 'REPLAYED', 'PARKED']);
  });
});

interface Line {
  balanceAfter: string;
  location: { code: string };
}
