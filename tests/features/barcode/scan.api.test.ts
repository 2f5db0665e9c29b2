import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient, graphqlReply } from '../../support/app.js';
import type { GraphQLClient } from '../../support/graphql-client.js';
import { ScanApp } from './scan-app.js';
import type { ScanBench } from './scan-bench.js';

let scanApp: ScanApp;
let app: App;
let bench: ScanBench;
let graphql: GraphQLClient;
beforeAll(async () => {
  scanApp = await ScanApp.start();
  ({ app, bench } = scanApp);
  graphql = appClient(app, bench.shop.secret);
});
afterAll(() => scanApp.stop());

const RESULT = `id outcome say stockItem { name } level { onHand location { code } } movement { kind quantity }
  parsed { gtin lot expiresOn quantity weightKg } userErrors { __typename code path ... on StockError { level { onHand } } }`;
const SCAN = `mutation Scan($input: ScanInput!) { scan(input: $input) { ${RESULT} } }`;

describe('over GraphQL', () => {
  test('a scan says all that it found', async () => {
    const code = bench.ean();
    await bench.item({ name: 'Maas', codes: { [code]: '6' }, onHand: '20' });
    const input = {
      id: newId(),
      code: `(01)0${code}(17)270331(10)LOT42`,
      mode: 'SALE',
      location: toGlobalId('Location', bench.location.id),
    };
    expect(await graphql(SCAN, { input })).toEqual({
      scan: {
        id: input.id,
        outcome: 'APPLIED',
        say: 'Maas: 14 left',
        stockItem: { name: 'Maas' },
        level: { onHand: '14', location: { code: 'L1' } },
        movement: { kind: 'SALE', quantity: '-6' },
        parsed: { gtin: `0${code}`, lot: 'LOT42', expiresOn: '2027-03-31', quantity: null, weightKg: null },
        userErrors: [],
      },
    });
    const refused = await graphql(SCAN, { input: { ...input, id: newId(), quantity: '3' } });
    expect(refused).toMatchObject({
      scan: {
        outcome: 'REJECTED',
        userErrors: [{ __typename: 'StockError', code: 'INSUFFICIENT_STOCK', path: ['quantity'], level: { onHand: '14' } }],
      },
    });
  });

  test('a batch is answered in its order, with the skew; more than 500 is a malformed request', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '1' });
    const device = await scanApp.key('DEVICE', 'SALE');
    const BATCH = 'mutation Batch($input: ScanBatchInput!) { scanBatch(input: $input) { clockSkewMs results { id outcome } } }';
    const scans = [
      { id: 'b', code, seq: 2 },
      { id: 'a', code, seq: 1 },
    ];
    const sentAt = new Date(Date.now() - 60_000).toISOString();
    const { scanBatch } = await appClient(app, device)<{ scanBatch: { clockSkewMs: number; results: unknown } }>(BATCH, {
      input: { device: 'till', sentAt, scans },
    });
    expect(scanBatch.results).toEqual([
      { id: 'b', outcome: 'REJECTED' },
      { id: 'a', outcome: 'APPLIED' },
    ]);
    expect(scanBatch.clockSkewMs).toBeGreaterThanOrEqual(60_000);
    const tooMany = Array.from({ length: 501 }, (_, index) => ({ id: String(index), code }));
    const { errors } = await graphqlReply(app, device, BATCH, { input: { device: 'till', sentAt, scans: tooMany } });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('what is parked is listed, found by its id, and named', async () => {
    const [code, other] = [bench.ean(), bench.ean()];
    const item = await bench.item({ name: 'Amasi' });
    for (const each of [code, other])
      await graphql(SCAN, {
        input: { id: newId(), code: each, mode: 'RECEIVE', quantity: '2', location: toGlobalId('Location', bench.location.id) },
      });
    const LIST =
      '{ parkedScans(first: 100) { totalCount pageInfo { hasNextPage } nodes { id code device mode quantity scannedAt } } }';
    const { parkedScans } = await graphql<{ parkedScans: { totalCount: number; nodes: { id: string; code: string }[] } }>(LIST);
    const parked = parkedScans.nodes.find((node) => node.code === code);
    expect(parked).toMatchObject({ mode: 'RECEIVE', quantity: '2', device: bench.shop.actor.name });
    expect(parkedScans.totalCount).toBe(parkedScans.nodes.length);
    const found = await graphql('query Node($id: ID!) { node(id: $id) { __typename ... on ParkedScan { code } } }', {
      id: parked?.id,
    });
    expect(found).toEqual({ node: { __typename: 'ParkedScan', code } });
    const resolved = await graphql(
      `
        mutation Resolve($code: String!, $item: ID!) {
          parkedScanResolve(code: $code, stockItem: $item) {
            applied {
              say
              outcome
            }
            stockItem {
              onHand
              barcodes {
                value
              }
            }
            userErrors {
              code
            }
          }
        }
      `,
      { code, item: toGlobalId('StockItem', item.id) },
    );
    expect(resolved).toEqual({
      parkedScanResolve: {
        applied: [{ outcome: 'APPLIED', say: 'Amasi: 2 left' }],
        stockItem: { onHand: '2', barcodes: [{ value: code }] },
        userErrors: [],
      },
    });
    const CREATE = `mutation Create($code: String!, $input: StockItemInput!) {
      parkedScanCreateItem(code: $code, input: $input) { applied { say } stockItem { sku } userErrors { code path } }
    }`;
    const created = await graphql(CREATE, { code: other, input: { sku: 'new-1', name: 'New' } });
    expect(created).toEqual({
      parkedScanCreateItem: { applied: [{ say: 'New: 2 left' }], stockItem: { sku: 'NEW-1' }, userErrors: [] },
    });
    const again = await graphql(CREATE, { code: other, input: { sku: 'new-2', name: 'New' } });
    expect(again).toEqual({
      parkedScanCreateItem: { applied: [], stockItem: null, userErrors: [{ code: 'DUPLICATE', path: ['code'] }] },
    });
  });

  test('a device key scans and does nothing else; a reader does not scan', async () => {
    const [device, reader] = [await scanApp.key('DEVICE', 'LOOKUP'), await scanApp.key('READER')];
    const codeOf = async (secret: string, operation: string, variables = {}) =>
      (await graphqlReply(app, secret, operation, variables)).errors?.[0]?.extensions.code;
    expect(await codeOf(device, SCAN, { input: { id: newId(), code: 'SHELF-1' } })).toBeUndefined();
    expect(await codeOf(device, '{ parkedScans { totalCount } }')).toBe('FORBIDDEN');
    expect(await codeOf(device, `mutation { parkedScanResolve(code: "SHELF-1", stockItem: "x") { userErrors { code } } }`)).toBe(
      'FORBIDDEN',
    );
    expect(await codeOf(reader, SCAN, { input: { id: newId(), code: 'SHELF-1' } })).toBe('FORBIDDEN');
    expect(await codeOf(reader, '{ parkedScans { totalCount } }')).toBeUndefined();
  });
});
