import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { OutboxChecker, PLACE_NAMES } from './outbox-checker.js';
import { problemsOf } from './report.js';

/** The script kills more often. */
const KILLS = 20;
const TIMEOUT_MS = 600_000;

let database: TestDatabase;
let checker: OutboxChecker | undefined;

beforeAll(async () => {
  buildServer();
  database = await createTestDatabase();
  checker = await OutboxChecker.open({ databaseUrl: database.url, em: database.orm.em, scratchDir: inject('scratchDir') });
});
afterAll(async () => {
  await checker?.close();
  killStarted();
  await database.drop();
});

test.for(PLACE_NAMES)('killed %s: the far side hears of every movement, under one id', { timeout: TIMEOUT_MS }, async (place) => {
  const verdict = await checker?.run(place, KILLS);
  if (!verdict) throw new Error('the checker is not open');
  expect(problemsOf(verdict)).toEqual([]);
  expect(verdict.kills).toBe(KILLS);
  if (place === 'between send and mark') expect(verdict.duplicates).toBeGreaterThan(0);
});
