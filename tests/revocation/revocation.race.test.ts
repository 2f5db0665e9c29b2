import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { requireOrSkip } from '../support/optional.js';
import { redisAvailable } from '../support/redis-server.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { RevocationChecker } from './checker.js';
import { ENDING_NAMES } from './endings.js';
import type { RoundLimits } from './round.js';

/** The script plays more. */
const ROUNDS = 1;
/** Other test files have the machine meanwhile, so that sockets have far longer here; what is sent after the end is refused at once also here. */
const LIMITS: RoundLimits = { leadMs: 200, lifeMs: 2_000, afterMs: 200, boundMs: 20_000 };
const TIMEOUT_MS = 180_000;

describe('two servers without Redis', () => {
  endEverything({ withRedis: false });
});

requireOrSkip(
  'two servers that share a Redis',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  endEverything({ withRedis: true });
});

function endEverything({ withRedis }: { readonly withRedis: boolean }): void {
  let database: TestDatabase | undefined;
  let checker: RevocationChecker | undefined;

  beforeAll(async () => {
    buildServer();
    database = await createTestDatabase();
    const options = { databaseUrl: database.url, em: database.orm.em, scratchDir: inject('scratchDir'), withRedis };
    checker = await RevocationChecker.open(options);
  });
  afterAll(async () => {
    await checker?.close();
    killStarted();
    await database?.drop();
  });

  test.for(ENDING_NAMES)('%s: refused everywhere from its acknowledgement on', { timeout: TIMEOUT_MS }, async (name) => {
    const result = await checker?.run(name, ROUNDS, LIMITS);
    if (!result) throw new Error('the checker is not open');
    expect(result.problems).toEqual([]);
    expect(result.rounds).toHaveLength(ROUNDS);
  });
}
