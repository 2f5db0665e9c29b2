import { createTestApp } from '../../support/app.js';
import { createTestDatabase } from '../../support/database.js';
import { openTestRun } from '../../support/test-run.js';
import { judge, openTraffic, sellOut, sellUnderChangingRules, type Judgement } from './alert-traffic.js';

/**
 * Sells through 2,000 reorder points with 16 clients of a server at once, and holds the alerts against the ledger: each dip has one alert, and
 * one is open where there is cause. Fails where one is missing or there twice.
 *
 *     npm run check:alerts
 */
const SIZE = { points: 2_000, clients: 16 };
const SHOWN_FAULTS = 10;
const MS_PER_SECOND = 1000;

async function main(): Promise<void> {
  const { run, close } = await openTestRun();
  const database = await createTestDatabase({ poolMax: SIZE.clients }, run);
  const app = await createTestApp(database);
  try {
    const { url } = await app.listen();
    const traffic = await openTraffic(app, url, SIZE);
    const beganAt = performance.now();
    const acts = await sellOut(traffic);
    const seconds = (performance.now() - beganAt) / MS_PER_SECOND;
    console.log(`${String(SIZE.clients)} clients, ${String(acts)} acts in ${seconds.toFixed(1)} s`);
    report('sales through standing points', await judge(database.orm.em.fork(), traffic.shopId, { rulesStand: true }));
    await sellUnderChangingRules(traffic);
    report('sales under changing points', await judge(database.orm.em.fork(), traffic.shopId, { rulesStand: false }));
  } finally {
    await app.close();
    await database.drop();
    await close();
  }
}

function report(what: string, { levels, opened, open, faults }: Judgement): void {
  const counts = `${String(levels)} levels, ${String(opened)} alerts opened, ${String(open)} open`;
  console.log(`${what}: ${counts}, ${String(faults.length)} missing or twice`);
  for (const fault of faults.slice(0, SHOWN_FAULTS)) console.error(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

await main();
