import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ormConfig } from '../../mikro-orm.config.js';
import { checkPlans, type CheckedStatement } from '../../seeders/scale/check-plans.js';
import { SCALE_USAGE, parseScaleOptions } from '../../seeders/scale/options.js';
import { progressOn } from '../../seeders/scale/progress.js';
import { seedScaleShop } from '../../seeders/scale/seed-scale-shop.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { readEnv } from '../config/env.js';
import { redactText } from '../platform/log.js';
import { startEmbeddedPostgres } from '../platform/postgres/embedded.js';
import { openDatabase } from '../platform/postgres/database.js';
import { migrateUp } from '../platform/postgres/migrate.js';
import { StartError } from '../platform/start-error.js';

const USAGE = `usage: npm run check:plans -- ${SCALE_USAGE}\nWith DATABASE_URL: the newest scale shop there, and no arguments.`;
/** The server's user, who is not root, enters but does not list. */
const ENTERED_BY_OTHERS = 0o711;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const INTERRUPTED = 130;

/** Explains what the readers send, on a shop that is there already or on one made for the purpose and thrown away. */
async function check(args: readonly string[]): Promise<CheckedStatement[]> {
  const { database: settings } = loadConfig(readEnv());
  if (settings.url === undefined) return checkOnThrowAway(args);
  if (args.length > 0) throw new StartError(USAGE);
  const database = await openDatabase({ url: settings.url, waitMs: settings.waitMs, dataDir: '', ormConfig });
  await database.close();
  return checkPlans(settings.url);
}

async function checkOnThrowAway(args: readonly string[]): Promise<CheckedStatement[]> {
  const options = parseScaleOptions(args, USAGE);
  const dataDir = mkdtempSync(join(tmpdir(), 'stockroom-plans-'));
  chmodSync(dataDir, ENTERED_BY_OTHERS);
  const removeFolder = (): void => {
    rmSync(dataDir, { recursive: true, force: true });
  };
  const stop = new AbortController();
  for (const name of SIGNALS) {
    process.once(name, () => {
      stop.abort();
    });
  }
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  try {
    const database = await openDatabase({ url: server.url, waitMs: 0, dataDir, ormConfig });
    await migrateUp(database.orm);
    await database.close();
    await seedScaleShop(server.url, { ...options, signal: stop.signal, progress: progressOn(process.stderr) });
    stop.signal.throwIfAborted();
    return await checkPlans(server.url);
  } finally {
    await server.stop();
    removeFolder();
    if (stop.signal.aborted) process.exitCode = INTERRUPTED;
  }
}

function print(checked: readonly CheckedStatement[]): void {
  let last = '';
  for (const { name, sql, ms, buffers, summary, faults, known } of checked) {
    if (name !== last) console.log(`\n${name}`);
    last = name;
    console.log(`  ${ms.toFixed(2)} ms, ${String(buffers)} pages: ${summary}`);
    for (const fault of faults)
      console.log(known === undefined ? `  FAILS: ${fault}\n    ${sql.replaceAll(/\s+/g, ' ')}` : `  known: ${fault}: ${known}`);
  }
  const faulty = checked.filter(({ faults }) => faults.length > 0);
  const failed = faulty.filter(({ known }) => known === undefined).length;
  const others = faulty.length - failed;
  console.log(
    `\n${String(checked.length)} statements explained: ${String(failed)} fail, ${String(others)} read more than the limits for a known reason`,
  );
  if (failed > 0) process.exitCode = 1;
}

try {
  print(await check(process.argv.slice(2)));
} catch (error) {
  const expected = error instanceof StartError || error instanceof ConfigError;
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  console.error(`stockroom: ${redactText(text ?? '')}`);
  process.exitCode ??= 1;
}
