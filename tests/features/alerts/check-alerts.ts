import { SmtpFar } from '../../adapters/mail/smtp-far.js';
import { createTestApp, testConfig } from '../../support/app.js';
import { createTestDatabase } from '../../support/database.js';
import { openTestRun } from '../../support/test-run.js';
import { judgeTold, subscribe, tellAll, type Told } from './alert-listeners.js';
import { judge, openTraffic, sellOut, sellUnderChangingRules, type Judgement } from './alert-traffic.js';

/**
 * Sells through 2,000 reorder points with 16 clients of a server at once, and holds the alerts against the ledger: each dip has one alert, and
 * one is open where there is cause. Three people listen to all of it by e-mail: each alert has one notice for each, and a mail server is given each
 * notification once. Fails where anything is missing or there twice.
 *
 *     npm run check:alerts
 */
const SIZE = { points: 2_000, clients: 16 };
const PEOPLE = 3;
const WINDOW_S = '1';
const SHOWN_FAULTS = 10;
const MS_PER_SECOND = 1000;

async function main(): Promise<void> {
  const { run, close } = await openTestRun();
  const database = await createTestDatabase({ poolMax: SIZE.clients }, run);
  const far = await SmtpFar.open();
  const { host, port, from } = far.settings();
  const smtp = { SMTP_HOST: host, SMTP_PORT: String(port), MAIL_FROM: from };
  const app = await createTestApp(database, { config: testConfig({ ...smtp, NOTIFICATION_WINDOW_S: WINDOW_S }) });
  try {
    const { url } = await app.listen();
    const traffic = await openTraffic(app, url, SIZE);
    await subscribe(app, traffic.actor, PEOPLE);
    const beganAt = performance.now();
    const acts = await sellOut(traffic);
    const seconds = (performance.now() - beganAt) / MS_PER_SECOND;
    console.log(`${String(SIZE.clients)} clients, ${String(acts)} acts in ${seconds.toFixed(1)} s`);
    report('sales through standing points', await judge(database.orm.em.fork(), traffic.shopId, { rulesStand: true }));
    await sellUnderChangingRules(traffic);
    report('sales under changing points', await judge(database.orm.em.fork(), traffic.shopId, { rulesStand: false }));
    const em = database.orm.em.fork();
    await tellAll(app, em);
    reportTold(await judgeTold(em, { shopId: traffic.shopId, people: PEOPLE, mails: await far.arrived() }));
  } finally {
    await app.close();
    await far.close();
    await database.drop();
    await close();
  }
}

function report(what: string, { levels, opened, open, faults }: Judgement): void {
  const counts = `${String(levels)} levels, ${String(opened)} alerts opened, ${String(open)} open`;
  console.log(`${what}: ${counts}, ${String(faults.length)} missing or twice`);
  show(faults);
}

function reportTold({ alerts, notices, notifications, mails, faults }: Told): void {
  const counts = `${String(alerts)} alerts, ${String(notices)} notices to ${String(PEOPLE)} people`;
  const sent = `${String(notifications)} notifications, ${String(mails)} mails`;
  console.log(`what was told: ${counts}, ${sent}, ${String(faults.length)} missing or twice`);
  show(faults);
}

function show(faults: readonly string[]): void {
  for (const fault of faults.slice(0, SHOWN_FAULTS)) console.error(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

await main();
