import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { redactText } from '../log.js';
import { StartError } from '../start-error.js';

const OLDEST_VERSION = 150_000;
const VERSION_FACTOR = 10_000;
const ATTEMPT_TIMEOUT_MS = 5_000;
const RETRY_MS = 250;
/** What a server that is still starting, or not started yet, answers; anything else will not pass by waiting. */
const PASSING_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', '57P03']);

/**
 * Sees that the server at the address answers, lets us in and is new enough. Waits up to `waitMs` for one that is still starting.
 * Refuses with a StartError that names DATABASE_URL and shows no password.
 */
export async function checkServer(url: string, waitMs: number): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      await checkVersion(url);
      return;
    } catch (error) {
      if (error instanceof StartError) throw error;
      if (!isPassing(error) || Date.now() + RETRY_MS > deadline) throw unreachable(url, error);
      await sleep(RETRY_MS);
    }
  }
}

async function checkVersion(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ATTEMPT_TIMEOUT_MS,
    query_timeout: ATTEMPT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
    const version = Number(rows[0]?.version);
    if (version >= OLDEST_VERSION) return;
    throw new StartError(
      `DATABASE_URL names a PostgreSQL ${String(Math.floor(version / VERSION_FACTOR))} server: use PostgreSQL 15 or newer`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isPassing(error: unknown): boolean {
  return PASSING_CODES.has((error as { code?: string }).code ?? '');
}

function unreachable(url: string, error: unknown): StartError {
  const reason =
    error instanceof AggregateError
      ? error.errors.map(String).join(', ')
      : error instanceof Error
        ? error.message
        : String(error);
  const { host, pathname } = new URL(url);
  const line = `cannot use the database ${pathname.slice(1)} at ${host} (${reason}): see that the server runs and that DATABASE_URL is right`;
  return new StartError(redactText(line).replaceAll('\n', ' '));
}
