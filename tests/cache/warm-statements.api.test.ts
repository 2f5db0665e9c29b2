import { beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { App } from '../../src/app.js';
import { newId } from '../../src/kernel/ids.js';
import { countsStatements } from '../support/statements.js';
import { askApp } from './ask.js';
import { besideRedis, inBothSettings, untilWarm, type CachedApps } from './cached-apps.js';
import { stockPage, type StockedPage } from './stocked-page.js';
import { costOnce, warmCost, type Cost } from './warm-cost.js';

const LOOK_UP = `query ($code: String!) { stockItem(by: { barcode: $code }) {
  sku name onHand levels { onHand location { code } } category { name parent { name } } } }`;
const PAGE = `{ stockItems(first: 50) { nodes {
  sku name levels { onHand location { name } } category { name parent { name } } } pageInfo { hasNextPage } } }`;
const SCAN = `mutation ($id: ID!, $code: String!) { scan(input: { id: $id, code: $code, mode: LOOKUP }) {
  outcome say stockItem { name } level { onHand location { code } } } }`;
/** Of the last use of a key, which another instance has not noted. */
const OF_A_USE = 'update api_key set last_used_at';

/** Round trips: one for each batch of values whose stamps are not known yet. The key's brings the stamp of its shop's catalogue along. */
const FOR_THE_KEY = 1;
const FOR_THE_CATALOGUE = 1;
const FOR_THE_LEVELS = 1;
/** Whether ids of scans are spent is asked of the database each time. */
const FOR_SPENT_IDS = 1;
const FOR_THE_LIST = 1;
const FIRST_LOOKS = 5;

describe('once all is cached', () => {
  inBothSettings((opened) => {
    let page: StockedPage;
    beforeAll(async () => {
      page = await stockPage(opened().app);
    });

    async function costOf(context: TestContext, act: () => Promise<unknown>): Promise<Cost> {
      await skipUncounted(context, opened());
      return warmCost(opened(), opened().app, act);
    }

    /** None without Redis. */
    const trips = (count: number) => (opened().redis ? count : 0);
    const lookUp = async (code: string) => {
      const { stockItem } = await askApp(opened().app)<{ stockItem: object }>(page.owner, LOOK_UP, { code });
      expect(stockItem).toMatchObject({ onHand: '20', category: { parent: { name: 'Food' } }, levels: { length: 4 } });
    };

    test('a look-up with levels, locations, category and its parent asks the database nothing', async (context) => {
      const { statements, roundTrips } = await costOf(context, () => lookUp('CODE-01'));
      expect(statements).toEqual([]);
      expect(roundTrips).toBeLessThanOrEqual(trips(FOR_THE_KEY + FOR_THE_LEVELS));
    });

    test('a scan that looks up asks only whether its id is spent', async (context) => {
      const { statements, roundTrips } = await costOf(context, async () => {
        const { scan } = await askApp(opened().app)<{ scan: object }>(page.device, SCAN, { id: newId(), code: 'CODE-02' });
        expect(scan).toMatchObject({ outcome: 'APPLIED', level: { onHand: '5', location: { code: 'SHOP' } } });
      });
      expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(FOR_SPENT_IDS);
      // A scan is judged by what is known when it has come, and its level's location is read after it as after every mutation.
      expect(roundTrips).toBeLessThanOrEqual(trips(FOR_THE_KEY + 2 * FOR_THE_CATALOGUE + FOR_THE_LEVELS));
    });

    test('a POST /scan that looks up asks only whether its id is spent', async (context) => {
      const { statements, roundTrips } = await costOf(context, async () => {
        const headers = { authorization: `Bearer ${page.device}`, 'content-type': 'text/plain' };
        const { statusCode, body } = await opened().app.inject({ method: 'POST', url: '/scan', headers, payload: 'CODE-03' });
        expect([statusCode, body]).toEqual([200, 'OK Thing 03: 5 left\n']);
      });
      expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(FOR_SPENT_IDS);
      expect(roundTrips).toBeLessThanOrEqual(trips(FOR_THE_KEY + FOR_THE_CATALOGUE + FOR_THE_LEVELS));
    });

    test('a page of fifty items with levels, locations, categories and their parents asks for the list alone', async (context) => {
      const { statements, roundTrips } = await costOf(context, async () => {
        const { stockItems } = await askApp(opened().app)<{ stockItems: object }>(page.owner, PAGE);
        expect(stockItems).toMatchObject({ nodes: { length: 50 }, pageInfo: { hasNextPage: true } });
      });
      expect(statements.length, statements.join('\n')).toBe(FOR_THE_LIST);
      expect(roundTrips).toBeLessThanOrEqual(trips(FOR_THE_KEY + FOR_THE_LEVELS));
    });
  });
});

besideRedis((opened) => {
  test('what one has loaded the other need not', async (context) => {
    await skipUncounted(context, opened());
    const { database, apps } = opened();
    const [one, other] = apps as [App, App];
    const { owner, barcodes } = await stockPage(one);
    const em = database.orm.em.fork();
    const firstLooks: string[][] = [];
    // A value is offered to Redis, which may be too busy to take it: one that was taken is enough.
    for (const code of barcodes.slice(0, FIRST_LOOKS)) {
      await untilWarm(one, () => askApp(one)(owner, LOOK_UP, { code }));
      const { statements } = await costOnce(other, em, () => askApp(other)(owner, LOOK_UP, { code }));
      firstLooks.push(statements.filter((sql) => !sql.startsWith(OF_A_USE)));
    }
    expect(firstLooks).toContainEqual([]);
  });
});

async function skipUncounted(context: TestContext, { database }: CachedApps): Promise<void> {
  if (!(await countsStatements(database.orm.em.fork()))) context.skip('this server does not load pg_stat_statements');
}
