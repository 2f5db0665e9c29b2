import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { requireOrSkip } from '../support/optional.js';
import { redisAvailable } from '../support/redis-server.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { Checker } from './checker.js';
import { PHASE_NAMES } from './phases.js';
import { problemsOf, table } from './report.js';

/** A phase takes as long as COHERENCE_SECONDS says; a short slice otherwise. */
const { COHERENCE_SECONDS } = process.env;
const SECONDS = Number(COHERENCE_SECONDS ?? '3');
/** Other test files have the machine meanwhile; the script, which is alone, asks for less. */
const PATIENCE_MS = 15_000;
const SLACK_MS = 90_000;

requireOrSkip(
  'two servers and a cache',
  redisAvailable(),
  'redis-server is not installed',
)(() => {
  let database: TestDatabase | undefined;
  let opened: Checker | undefined;
  const checker = (): Checker => {
    if (!opened) throw new Error('the checker is not open');
    return opened;
  };

  beforeAll(async () => {
    buildServer();
    database = await createTestDatabase();
    opened = await Checker.open({ databaseUrl: database.url, em: database.orm.em, scratchDir: inject('scratchDir') });
  });
  afterAll(async () => {
    await opened?.close();
    killStarted();
    await database?.drop();
  });

  test.for(PHASE_NAMES)(
    '%s: no read shows the state before a write that was acknowledged',
    { timeout: SECONDS * 1000 + PATIENCE_MS + SLACK_MS },
    async (name) => {
      const result = await checker().run(name, SECONDS, PATIENCE_MS);
      if (COHERENCE_SECONDS !== undefined) console.log(table([result]));
      expect(problemsOf(result)).toEqual([]);
      expect(result.traffic.reads).toBeGreaterThan(0);
      expect(result.traffic.writes).toBeGreaterThan(0);
      expect(result.traffic.revocations).toBeGreaterThan(0);
      if (name !== 'calm') expect(result.traffic.stage.faults.size).toBeGreaterThan(0);
    },
  );

  test('every acknowledged write is in the ledger once, and the levels are its sums', async () => {
    expect(await checker().faults()).toEqual([]);
  });
});
