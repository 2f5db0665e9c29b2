import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WebhookSender } from '../../../src/features/webhooks/webhook-sender.port.js';
import { createLogger } from '../../../src/platform/log.js';
import { Worker } from '../../../src/platform/outbox/worker.js';
import { countsStatements, statementsOf } from '../../support/statements.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
import { WebhookBench } from './webhook-bench.js';

const AN_HOUR_MS = 3_600_000;
const WAITING = 40;
/** What one shop holds of all that are sent at once. */
const HELD_AT_ONCE = 4;
let bench: WebhookBench;
let shop: ShopFixture;

beforeAll(async () => {
  bench = await WebhookBench.open();
});
beforeEach(async () => {
  shop = await bench.openShop();
});
afterAll(() => bench.close());

/** What is due is sent; of endpoints in `dead` nothing is asked. */
async function workOff(dead: readonly string[]): Promise<string[]> {
  const asked: string[] = [];
  const sender: WebhookSender = {
    urlFault: () => undefined,
    send: ({ endpoint }) => {
      asked.push(endpoint);
      return Promise.resolve(
        dead.includes(endpoint)
          ? { kind: 'HELD', reason: 'It is left alone.', delayMs: AN_HOUR_MS }
          : { kind: 'ANSWERED', status: 200 },
      );
    },
  };
  const worker = new Worker({ em: bench.database.orm.em, log: createLogger({ level: 'silent' }) });
  await worker.start([bench.dispatchBy(sender).task], { works: false });
  await worker.drain();
  await worker.stop();
  return asked;
}

async function listenAndWait(): Promise<[string, string]> {
  const dead = (await bench.listen(shop, 'https://hooks.example.com/dead')).endpoint.id;
  for (let n = 0; n < WAITING; n += 1) await bench.receive(shop);
  await bench.fanOutAll(shop);
  const well = (await bench.listen(shop, 'https://hooks.example.com/well')).endpoint.id;
  await bench.receive(shop);
  await bench.fanOutAll(shop);
  return [dead, well];
}

const rowsOf = (endpoint: string) =>
  bench.rows('select id, xmin::text, state from webhook_delivery where endpoint_id = ? order by id', endpoint);

test('all that waits for an endpoint that is left alone is put off at once, and what is for another gets through', async () => {
  const [dead, well] = await listenAndWait();
  const before = await rowsOf(dead);
  const asked = await workOff([dead]);
  expect(asked.filter((endpoint) => endpoint === dead).length).toBeLessThanOrEqual(HELD_AT_ONCE);
  expect(asked.filter((endpoint) => endpoint === well)).toHaveLength(1);
  expect(await rowsOf(well)).toMatchObject([{ state: 'DELIVERED' }]);
  // Nothing was written to a delivery that nobody tried.
  expect(before).toHaveLength(WAITING + 1);
  expect(await rowsOf(dead)).toEqual(before);
  const jobs = await bench.rows<{ lane: string; wait: number }>(
    `select lane, extract(epoch from run_at - now())::float8 * 1000 as wait from outbox_job where shop_id = ? and task = 'webhooks.send'`,
    shop.shop.id,
  );
  expect(new Set(jobs.map(({ lane }) => lane))).toEqual(new Set([dead]));
  expect(jobs).toHaveLength(WAITING + 1);
  const waits = jobs.map(({ wait }) => wait);
  expect(Math.min(...waits)).toBeGreaterThan(AN_HOUR_MS - 60_000);
  expect(Math.max(...waits)).toBeGreaterThan(AN_HOUR_MS * 1.2);
  expect(await workOff([dead])).toEqual([]);
});

test('what is sent again shares the lane of its endpoint, one or all of them', async () => {
  const { endpoint } = await bench.listen(shop, 'https://hooks.example.com/dead');
  const lanes = () => bench.rows('select lane from outbox_job where task = ? and shop_id = ?', 'webhooks.send', shop.shop.id);
  const { id } = await bench.deliveries.test(shop.actor, { id: endpoint.id });
  expect(await lanes()).toEqual([{ lane: endpoint.id }]);
  await bench.rows('delete from outbox_job where shop_id = ?', shop.shop.id);
  await bench.deliveries.replay(shop.actor, { id });
  expect(await lanes()).toEqual([{ lane: endpoint.id }]);
  await bench.rows('delete from outbox_job where shop_id = ?', shop.shop.id);
  await bench.rows("update webhook_delivery set state = 'DEAD', next_try_at = null, ended_at = ? where id = ?", bench.now, id);
  await bench.deliveries.replayAll(shop.actor, { id: endpoint.id });
  const [job] = await bench.jobs('webhooks.replay', shop);
  if (!job) throw new Error('There is no job.');
  await bench.upkeep.replay(job, new AbortController().signal);
  expect(await lanes()).toEqual([{ lane: endpoint.id }]);
});

const KNOWS_GENERIC_PLANS = 160_000;

test('which events an endpoint has already is looked up by the whole of the unique key', async (context) => {
  const { em } = bench.database.orm;
  if (!(await countsStatements(em.fork()))) context.skip();
  await bench.listen(shop, 'https://hooks.example.com/stock');
  await bench.receive(shop);
  const statements = await statementsOf(em.fork(), () => bench.fanOutAll(shop));
  const known = statements.find((text) => /^select endpoint_id as .* from webhook_delivery/s.test(text)) ?? 'none';
  for (const column of ['shop_id', 'endpoint_id', 'event_type', 'event_id']) expect(known).toContain(`${column} =`);
  // An older one cannot be asked for a plan without values, and chooses by how much an almost empty table holds.
  const [server] = await em.fork().execute<{ version: number }[]>("select current_setting('server_version_num')::int as version");
  if ((server?.version ?? 0) < KNOWS_GENERIC_PLANS) return;
  // No version of PostgreSQL must walk all deliveries of the endpoint, which is locked meanwhile.
  const fork = em.fork();
  const plan = await fork.transactional(async (own) => {
    await own.execute('set local enable_seqscan = off');
    await own.execute('set local enable_bitmapscan = off');
    return own.execute<{ 'QUERY PLAN': string }[]>(`explain (generic_plan) ${known}`);
  });
  const condition = plan.map((row) => row['QUERY PLAN']).find((line) => line.includes('Index Cond'));
  for (const column of ['shop_id', 'endpoint_id', 'event_type', 'event_id']) expect(condition).toContain(`${column} =`);
});
