import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { testConfig } from '../../support/app.js';
import type { ScanMode } from '../../../src/features/access/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { countsStatements, statementsOf } from '../../support/statements.js';
import { ScanApp } from './scan-app.js';

/** The API key, the scan's id, its code, and where it is. */
const TO_PLAN = 4;
const TO_SHOW = 1;
/** BEGIN, the item, its level locked, the rules, the keys; the movement, the level and the key written; COMMIT. */
const TO_POST = 9;
/** What the deferred triggers ask in COMMIT, by which they are known: the row that they were set off by. */
const OF_A_TRIGGER = /\bnew\.shop_id\b/;
const MANY = 50;

let scanApp: ScanApp;
let code: string;
beforeAll(async () => {
  scanApp = await ScanApp.start({ config: testConfig({ CACHE: 'off' }) });
  code = scanApp.bench.ean();
  await scanApp.bench.item({ codes: { [code]: '1' }, onHand: '100' });
});
afterAll(() => scanApp.stop());

async function counted(context: TestContext, act: () => Promise<unknown>): Promise<string[]> {
  const em = scanApp.bench.database.orm.em.fork();
  if (!(await countsStatements(em))) context.skip('this server does not load pg_stat_statements');
  return (await statementsOf(em, act)).filter((sql) => !OF_A_TRIGGER.test(sql));
}

describe('a scan on a server without a cache asks the database', () => {
  async function statementsOfScan(context: TestContext, mode: ScanMode): Promise<string[]> {
    const device = await scanApp.key('DEVICE', mode);
    await scanApp.post(device, code);
    // That the key was used is noted once in a while, and nobody waits for it.
    await scanApp.app.services.authenticator.close();
    return counted(context, async () => {
      expect((await scanApp.post(device, code)).status).toBe(200);
    });
  }

  test('so often for a look-up, and begins no transaction', async (context) => {
    const statements = await statementsOfScan(context, 'LOOKUP');
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(TO_PLAN + TO_SHOW);
    expect(statements.filter((sql) => /^(begin|start|commit|rollback)/i.test(sql))).toEqual([]);
  });

  test('so often for a sale', async (context) => {
    const statements = await statementsOfScan(context, 'SALE');
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(TO_PLAN + TO_POST);
  });
});

test('many look-ups ask as often as one', async (context) => {
  const { scans, scanner } = { scans: scanApp.bench.scans, scanner: scanApp.bench.scanner('LOOKUP') };
  const submit = (count: number) => async (): Promise<void> => {
    const batch = Array.from({ length: count }, () => ({ id: newId(), code }));
    const { results } = await scans.submit(scanner, { device: 'till', scans: batch });
    expect(results.map(({ outcome }) => outcome)).toEqual(Array<string>(count).fill('APPLIED'));
  };
  const [one, many] = [await counted(context, submit(1)), await counted(context, submit(MANY))];
  expect(one.length).toBeGreaterThan(1);
  expect(many.length, many.join('\n')).toBe(one.length);
});
