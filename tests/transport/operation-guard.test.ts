import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/platform/log.js';
import { Limits } from '../../src/platform/limits/limits.js';
import { OperationGuard } from '../../src/transport/admission/operation-guard.js';
import type { TransportContext } from '../../src/transport/request-context.js';
import { FIELD_RULES } from '../../src/app/field-rules.js';
import { RESOLVERS } from '../../src/app/resolvers.js';
import { buildStockroomSchema } from '../../src/transport/build-schema.js';

const schema = buildStockroomSchema(RESOLVERS, FIELD_RULES);
const MAXIMUM = 1_000;
const log = createLogger({ level: 'silent' });
const buckets = new Limits({ redisUrl: undefined, log }).buckets({ name: 'cost', maximum: MAXIMUM, restoreRate: 1 });
const guard = new OperationGuard({ buckets });

function costOf(query: string, variables: Record<string, unknown> = {}) {
  const operation = { schema, document: parse(query), operationName: null, queryHash: query, variables };
  return guard.costOf(operation);
}

test('who is signed in and acts for no shop pays too', async () => {
  const context: TransportContext = { requestId: 'r', log, person: { id: 'a-person' } };
  const cost = { requested: MAXIMUM, work: MAXIMUM, writes: true };
  expect(await guard.charge(cost, context)).toBeUndefined();
  expect(guard.settle(cost, {}, context).actual).toBe(MAXIMUM);
  expect(await guard.charge(cost, context)).toMatchObject({ requested: MAXIMUM });
  expect(await guard.charge(cost, { ...context, person: { id: 'another' } })).toBeUndefined();
});

test('what a reply does not show is not given back: writes, and counts of whole tables', () => {
  const batch =
    'mutation ($scans: [ScanInput!]!) { scanBatch(input: { device: "d", sentAt: "2026-01-01T00:00:00Z", scans: $scans }) { __typename } }';
  const workOf = (count: number) =>
    costOf(batch, { scans: Array.from({ length: count }, (_, n) => ({ id: String(n), code: 'A' })) }).work;
  expect(workOf(1)).toBeGreaterThan(5);
  expect(workOf(500)).toBe(500 * workOf(1));
  const counted = costOf('{ stockMovements(first: 1) { totalCount } }');
  expect(counted.work - costOf('{ stockMovements(first: 1) { nodes { id } } }').work).toBeGreaterThan(50);
  const context: TransportContext = { requestId: 'r', log, person: { id: 'writer' } };
  expect(guard.settle(counted, { stockMovements: { totalCount: 3 } }, context).actual).toBeGreaterThan(50);
});

test('a page whose size is null costs no less than it can bring', () => {
  const feed = (size: string) => costOf(`{ stockMovementFeed(first: ${size}) { nodes { id } } }`).requested;
  expect(feed('null')).toBe(feed('100'));
});
