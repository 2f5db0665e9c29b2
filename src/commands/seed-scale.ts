import { ormConfig } from '../../mikro-orm.config.js';
import { SCALE_USAGE, parseScaleOptions } from '../../seeders/scale/options.js';
import { progressOn } from '../../seeders/scale/progress.js';
import { ScaleSeedingError, seedScaleShop } from '../../seeders/scale/seed-scale-shop.js';
import type { ScaleFaults } from '../../seeders/scale/verify.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { readEnv } from '../config/env.js';
import { redactText } from '../platform/log.js';
import { openDatabase } from '../platform/postgres/database.js';
import { migrateUp } from '../platform/postgres/migrate.js';
import { StartError } from '../platform/start-error.js';

const USAGE = `usage: npm run seed:scale -- ${SCALE_USAGE}`;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C arrives twice under npm; a second one after that ends the process at once. */
const SAME_SIGNAL_MS = 500;
const INTERRUPTED = 130;
const MS_PER_SECOND = 1_000;

async function seed(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = parseScaleOptions(args, USAGE);
  const { database: settings, dataDir } = loadConfig(readEnv());
  const database = await openDatabase({ url: settings.url, waitMs: settings.waitMs, dataDir, ormConfig });
  try {
    await migrateUp(database.orm);
    signal.throwIfAborted();
    const startedAt = performance.now();
    const url = database.embedded?.url ?? settings.url ?? '';
    const { shop, faults } = await seedScaleShop(url, { ...options, signal, progress: progressOn(process.stderr) });
    printFaults(faults);
    console.log(`owner key (shown once): ${shop.ownerKey}`);
    console.log(`seeded in ${((performance.now() - startedAt) / MS_PER_SECOND).toFixed(1)} s`);
  } finally {
    await database.close();
  }
}

function printFaults(faults: ScaleFaults): void {
  for (const [name, count] of Object.entries(faults)) console.log(`${name}: ${String(count)}`);
}

function interruption(): AbortSignal {
  const stop = new AbortController();
  let askedAt: number | undefined;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (askedAt !== undefined && Date.now() - askedAt > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
      askedAt ??= Date.now();
      stop.abort();
    });
  }
  return stop.signal;
}

const signal = interruption();
try {
  await seed(process.argv.slice(2), signal);
} catch (error) {
  if (signal.aborted) {
    console.error('stockroom: interrupted; nothing of the shop was kept');
    process.exitCode = INTERRUPTED;
  } else {
    if (error instanceof ScaleSeedingError) printFaults(error.faults);
    const expected = [StartError, ConfigError, ScaleSeedingError].some((kind) => error instanceof kind);
    const text = expected ? (error as Error).message : error instanceof Error ? error.stack : String(error);
    console.error(`stockroom: ${redactText(text ?? '')}`);
    process.exitCode = 1;
  }
}
