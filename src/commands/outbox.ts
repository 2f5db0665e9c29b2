import { parseArgs } from 'node:util';
import { ormConfig } from '../../mikro-orm.config.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { readEnv } from '../config/env.js';
import { newestNotifications, type OutboxEntry } from '../features/notifications/index.js';
import { redactText } from '../platform/log.js';
import { openDatabase } from '../platform/postgres/database.js';
import { pendingMigrations } from '../platform/postgres/migrate.js';
import { runningUrl } from '../platform/postgres/running.js';
import { StartError } from '../platform/start-error.js';
import { acrossShops } from '../platform/tenancy.js';

const USAGE = 'usage: npx stockroom outbox [--first 10]';
const DEFAULT_COUNT = 10;
const MAX_COUNT = 1_000;

function countOf(args: readonly string[]): number {
  const options = { first: { type: 'string', default: String(DEFAULT_COUNT) } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const count = Number(values.first);
    if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new StartError(`${error.message}\n${USAGE}`);
  }
  throw new StartError(`--first is a whole number from 1 to ${String(MAX_COUNT)}\n${USAGE}`);
}

/** Also beside a server that runs: then on the database that it has open. Gives the lines to print. */
async function outbox(args: readonly string[]): Promise<string[]> {
  const count = countOf(args);
  const { database: settings, dataDir } = loadConfig(readEnv());
  const url = settings.url ?? runningUrl(dataDir);
  const database = await openDatabase({ url, waitMs: settings.waitMs, dataDir, ormConfig });
  try {
    if ((await pendingMigrations(database.orm)).length > 0) {
      throw new StartError('the database is behind: run npm run migrate, or start the server once');
    }
    const newest = await acrossShops(() => newestNotifications(database.orm.em.fork(), count));
    return newest.length > 0 ? newest.flatMap(linesOf) : ['nobody was told anything yet'];
  } finally {
    await database.close();
  }
}

function linesOf(entry: OutboxEntry): string[] {
  const { channel, state, reason, recipient, address, shop, subject, segments, alerts, createdAt, dueAt, text } = entry;
  const when = createdAt.toISOString();
  const to = address === null ? recipient : `${recipient} <${address}>`;
  const cost = segments === null ? '' : `, ${String(segments)} segment${segments === 1 ? '' : 's'}`;
  const collecting = text === null && state === 'QUEUED' ? `, collects until ${dueAt.toISOString()}` : '';
  return [
    `${when}  ${channel}  ${state}  to ${to}  from ${shop}  (alerts: ${String(alerts)}${cost}${collecting})`,
    ...(reason === null ? [] : [`  Reason: ${reason}`]),
    ...(subject === null ? [] : [`  Subject: ${subject}`]),
    ...(text ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
  ].map(printable);
}

/** What would move a terminal's cursor, or turn its text, is left out. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '').trimEnd();
}

try {
  for (const line of await outbox(process.argv.slice(2))) console.log(line);
} catch (error) {
  const expected = error instanceof StartError || error instanceof ConfigError;
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  console.error(`stockroom: ${redactText(text ?? '')}`);
  process.exitCode = 1;
}
