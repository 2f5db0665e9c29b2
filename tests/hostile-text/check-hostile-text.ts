import { createTestApp } from '../support/app.js';
import { createTestDatabase } from '../support/database.js';
import { openTestRun } from '../support/test-run.js';
import { naughtyTexts } from './naughty-texts.js';
import { textFields } from './text-fields.js';
import { TextTrial } from './try-texts.js';

/**
 * Sends 2,000 hostile texts, or as many as are named, to every text and every id that a mutation takes, and reads back what was kept. Fails where
 * one is neither kept as it is, after the form that is documented for the field, nor refused. Some twenty minutes on two cores.
 *
 *     npm run check:hostile-text -- 2000
 */
const TEXTS = 2000;
const SHOWN_FAULTS = 20;

async function main(count: number): Promise<void> {
  const { run, close } = await openTestRun();
  const database = await createTestDatabase({}, run);
  const app = await createTestApp(database);
  const faults: string[] = [];
  try {
    const trial = await TextTrial.open(app, database);
    const texts = naughtyTexts(count);
    for (const field of textFields()) {
      const tally = await trial.run(field, texts);
      faults.push(...tally.faults);
      const { stored, refused } = tally;
      console.log(`${field.name}: ${String(stored)} stored, ${String(refused)} refused, ${String(tally.faults.length)} faults`);
    }
  } finally {
    await app.close();
    await database.drop();
    await close();
  }
  for (const fault of faults.slice(0, SHOWN_FAULTS)) console.error(fault);
  console.log(`${String(faults.length)} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

await main(Number(process.argv[2] ?? TEXTS));
