import { parseArgs } from 'node:util';
import { conclude } from '../support/conclude.js';
import { createTestDatabase } from '../support/database.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { openTestRun } from '../support/test-run.js';
import { OutboxChecker, PLACE_NAMES } from './outbox-checker.js';
import { lineOf, problemsOf } from './report.js';

const USAGE = 'usage: npm run check:outbox -- [--kills 200]';

function readKills(): number | undefined {
  try {
    const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } }, strict: true });
    const kills = Number(values.kills);
    return Number.isSafeInteger(kills) && kills > 0 ? kills : undefined;
  } catch {
    return undefined;
  }
}

/** Gives what is wrong, a line each. */
async function check(kills: number): Promise<string[]> {
  buildServer();
  const { run, close } = await openTestRun();
  try {
    const database = await createTestDatabase({}, run);
    const checker = await OutboxChecker.open({ databaseUrl: database.url, em: database.orm.em, scratchDir: run.scratchDir });
    const problems: string[] = [];
    try {
      for (const place of PLACE_NAMES) {
        const verdict = await checker.run(place, kills);
        console.log(lineOf(verdict));
        problems.push(...problemsOf(verdict));
      }
    } finally {
      await checker.close();
      await database.drop();
    }
    return problems;
  } finally {
    killStarted();
    await close();
  }
}

const kills = readKills();
if (kills === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  conclude(await check(kills), 'Nothing was lost, and what was told twice bore the same id.');
}
