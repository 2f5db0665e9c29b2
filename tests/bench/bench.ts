import { BenchError } from './bench-error.js';
import { beginCounting } from './counts.js';
import { measureSetting, type Cell } from './measure.js';
import { parseBenchOptions, type BenchOptions } from './options.js';
import { openPlace, type Place } from './place.js';
import { READING, table } from './report.js';
import { setUp } from './set-up.js';
import type { Setting } from './settings.js';

/** Measures the program with and without its cache in one run and prints the numbers side by side. Ends with 1 where an answer was wrong. */
async function main(args: readonly string[]): Promise<void> {
  const options = parseBenchOptions(args);
  const place = await openPlace(options.items);
  try {
    if (!(await beginCounting(place.db))) say('the database server was started without pg_stat_statements: SQL is not counted');
    const settings = possible(options, place);
    const cells: Cell[] = [];
    try {
      for await (const measured of measureAll(options, settings, place)) cells.push(...measured);
    } finally {
      // Minutes of measuring are worth showing, also where the last of them failed.
      print(options, settings, cells);
    }
    if (cells.some(({ faults }) => faults > 0)) process.exitCode = 1;
  } finally {
    await place.close();
  }
}

/** Round by round, and in each one setting behind the other: what else the machine does in a minute meets all of them. */
async function* measureAll(options: BenchOptions, settings: readonly Setting[], place: Place): AsyncGenerator<Cell[]> {
  const stage = await setUp(place);
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const setting of settings) yield await measureSetting({ options, place, stage, say }, setting, round);
  }
}

function print({ workloads }: BenchOptions, settings: readonly Setting[], cells: readonly Cell[]): void {
  if (cells.length === 0) return;
  for (const name of workloads) console.log(`\n${table(name, settings, cells)}`);
  console.log(`\n${READING}`);
}

function possible({ settings }: BenchOptions, { redis }: Place): readonly Setting[] {
  if (redis !== undefined) return settings;
  say('there is no redis-server on this machine: settings with Redis are left out');
  return settings.filter(({ usesRedis }) => !usesRedis);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof BenchError ? error.message : error);
  // At once: what was started so far is stopped by handlers of the exit, and would keep this process alive.
  process.exit(1);
}
