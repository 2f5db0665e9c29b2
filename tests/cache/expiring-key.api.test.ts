import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { App } from '../../src/app.js';
import { AccessReader, ApiKeyAuthenticator } from '../../src/features/access/index.js';
import { closeCachesAfterEach, startCache, Tally } from '../platform/cache/cache-fixture.js';
import { createTestDatabase } from '../support/database.js';
import { createShop } from '../support/shop-fixture.js';
import { countsStatements } from '../support/statements.js';
import { askApp, RefusedError } from './ask.js';
import { inBothSettings, type CachedApps } from './cached-apps.js';
import { costOnce } from './warm-cost.js';
import { makeWorld } from './world.js';

const LIFE_MS = 2000;
const STEP_MS = 20;
const LATEST_MS = 10_000;
/** More than a burst of a few requests. */
const USES = 20;
const MINUTE_MS = 60_000;
const OF_A_USE = 'update api_key set last_used_at';

const READ = '{ shop { name } }';

interface Made {
  readonly apiKeyCreate: { readonly secret: string; readonly apiKey: { readonly id: string } };
}

async function makeKey({ app }: CachedApps, owner: string, expiresAt?: string) {
  const input = { name: 'Short', role: 'READER', expiresAt };
  const query = 'mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { secret apiKey { id } } }';
  const { apiKeyCreate } = await askApp(app)<Made>(owner, query, { input });
  return { secret: apiKeyCreate.secret, id: apiKeyCreate.apiKey.id };
}

/** When a request was begun and ended, and whether the key was let in. */
async function tryKey(app: App, secret: string) {
  const begunAt = Date.now();
  const isLetIn = await askApp(app)(secret, READ).then(
    () => true,
    (error: unknown) => {
      if (error instanceof RefusedError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    },
  );
  return { begunAt, endedAt: Date.now(), isLetIn };
}

describe('a cached key', () => {
  inBothSettings((opened) => {
    test('is let in until it expires, and from then on by no instance', async () => {
      const cached = opened();
      const { owner } = await makeWorld(cached.app);
      const expiresAt = Date.now() + LIFE_MS;
      const { secret } = await makeKey(cached, owner, new Date(expiresAt).toISOString());
      const tries = (await Promise.all(cached.apps.map((app) => tryUntilRefused(app, secret)))).flat();
      expect(tries.filter(({ isLetIn }) => isLetIn).length).toBeGreaterThan(cached.apps.length);
      expect(tries.filter(({ begunAt, isLetIn }) => isLetIn && begunAt >= expiresAt)).toEqual([]);
      expect(tries.filter(({ endedAt, isLetIn }) => !isLetIn && endedAt < expiresAt)).toEqual([]);
    });

    test('has its use noted once, however often and wherever it is shown', async (context) => {
      const cached = opened();
      const em = cached.database.orm.em.fork();
      if (!(await countsStatements(em))) return context.skip('this server does not load pg_stat_statements');
      const { owner } = await makeWorld(cached.app);
      const { secret, id } = await makeKey(cached, owner);
      const lastUsedAt = () => lastUse(cached, owner, id);
      const from = Date.now();
      await useAll(cached, secret);
      const first = await lastUsedAt();
      expect(first).toBeGreaterThanOrEqual(from);
      expect(first).toBeLessThanOrEqual(Date.now());
      const { statements } = await costOnce(cached.app, em, () => useAll(cached, secret));
      expect(statements.filter((sql) => sql.startsWith(OF_A_USE))).toEqual([]);
      expect(await lastUsedAt()).toBe(first);
    });
  });
});

describe('a key that stays cached', () => {
  closeCachesAfterEach();

  test('has its use noted once a minute, though its holder is read from the cache', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const { actor, secret } = await createShop(database.orm.em);
    const tally = new Tally();
    const cache = await startCache({ databaseUrl: database.url, metrics: tally });
    const errors: unknown[] = [];
    const clock = { now: () => now };
    const authenticator = new ApiKeyAuthenticator(database.orm.em, clock, (error) => errors.push(error), cache);
    const start = Date.now();
    let now = new Date(start);
    const noted: (number | undefined)[] = [];
    for (const afterMs of [0, MINUTE_MS / 2, MINUTE_MS - 1, MINUTE_MS, MINUTE_MS + 1, 2 * MINUTE_MS]) {
      now = new Date(start + afterMs);
      for (let use = 0; use < USES; use += 1)
        expect(await authenticator.authenticate(secret)).toMatchObject({ actorId: actor.actorId });
      await authenticator.close();
      const row = await new AccessReader(database.orm.em.fork(), actor.shopId).apiKey(actor.actorId);
      noted.push(row?.lastUsedAt?.getTime());
    }
    const [second, third] = [start + MINUTE_MS, start + 2 * MINUTE_MS];
    expect(noted).toEqual([start, start, start, second, second, third]);
    expect(tally.reads).toMatchObject({ miss: 1, outdated: 0, bypass: 0 });
    expect(errors).toEqual([]);
  });
});

async function tryUntilRefused(app: App, secret: string) {
  const tries = [];
  const giveUpAt = Date.now() + LATEST_MS;
  do {
    tries.push(await tryKey(app, secret));
    await sleep(STEP_MS);
  } while (tries.at(-1)?.isLetIn && Date.now() < giveUpAt);
  // Refused once, refused for good.
  return [...tries, await tryKey(app, secret)];
}

/** Shows the key to each instance many times, and waits until its use was noted. */
async function useAll({ apps }: CachedApps, secret: string): Promise<void> {
  for (const app of apps) {
    for (let use = 0; use < USES; use += 1) expect((await tryKey(app, secret)).isLetIn).toBe(true);
    await app.services.authenticator.close();
  }
}

async function lastUse({ app }: CachedApps, owner: string, id: string): Promise<number | undefined> {
  const { node } = await askApp(app)<{ node: { lastUsedAt: string | null } }>(
    owner,
    'query ($id: ID!) { node(id: $id) { ... on ApiKey { lastUsedAt } } }',
    { id },
  );
  return node.lastUsedAt === null ? undefined : Date.parse(node.lastUsedAt);
}
