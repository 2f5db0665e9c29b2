import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NO_TIER } from '../../../src/platform/cache/no-tier.js';
import type { SharedTier } from '../../../src/platform/cache/shared-tier.js';
import { ViewKeeper, type View } from '../../../src/platform/cache/view-keeper.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { gate, PATIENCE, rowsOf, SILENT, withClient } from './cache-fixture.js';
import { addMember, silentMemberLives } from './cache-members.js';

const SHORT_LEASE_S = 1;
const NO_LEASE_S = 0;
const NAME = 'keeper';

/** A memory of which only is said which one it is. */
function namedTier(name: string) {
  let link: string | undefined = name;
  let tell = (): void => undefined;
  const tier: SharedTier = {
    ...NO_TIER,
    get link() {
      return link;
    },
    open: (onChange) => {
      tell = onChange;
      return Promise.resolve();
    },
  };
  return {
    tier,
    reach: (other: string | undefined): void => {
      link = other;
      tell();
    },
  };
}

let database: TestDatabase;
let reach: ReturnType<typeof namedTier>['reach'];
let keeper: ViewKeeper;

beforeEach(async () => {
  database = await createTestDatabase();
  const { tier, ...memory } = namedTier('one');
  reach = memory.reach;
  const databaseUrl = `${database.url}?application_name=${NAME}`;
  keeper = new ViewKeeper({ databaseUrl, memberId: crypto.randomUUID(), memberName: NAME, shared: tier, log: SILENT });
  await keeper.start();
  await untilTrusted();
});
afterEach(async () => {
  await keeper.stop();
  await database.drop();
});

async function untilTrusted(): Promise<View> {
  await expect.poll(() => keeper.trusted() !== undefined, PATIENCE).toBe(true);
  const view = keeper.trusted();
  if (!view) throw new Error('It was trusted a moment ago.');
  return view;
}

/** While it is run, heartbeats are on their way and not answered. */
async function whileOneIsOnItsWay(act: () => void): Promise<void> {
  await withClient(database.url, async (client) => {
    await client.query('begin');
    await client.query('select 1 from cache_view for update');
    const waiting = `select 1 from pg_stat_activity where application_name = '${NAME}' and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await rowsOf(database.url, waiting)).length, PATIENCE).toBe(1);
    act();
    await client.query('rollback');
  });
}

/** The tokens that are trusted at any moment, until it is another than this one. */
async function trustedUntilNew(old: string): Promise<string[]> {
  const trusted = new Set<string>();
  const giveUpAt = performance.now() + PATIENCE.timeout;
  while (performance.now() < giveUpAt) {
    const token = keeper.trusted()?.token;
    if (token !== undefined) trusted.add(token);
    if (token !== undefined && token !== old) break;
    await setImmediate();
  }
  return [...trusted];
}

describe('what is agreed on', () => {
  test('is given up in the turn in which the link changes', async () => {
    const before = await untilTrusted();
    reach('another');
    expect(keeper.trusted()).toBeUndefined();
    expect((await untilTrusted()).token).not.toBe(before.token);
    reach(undefined);
    expect(keeper.trusted()).toBeUndefined();
  });

  test('by a question that was asked before the link changed is never used', async () => {
    const { token } = await untilTrusted();
    await whileOneIsOnItsWay(() => {
      reach('another');
    });
    const trusted = await trustedUntilNew(token);
    expect(trusted).toHaveLength(1);
    expect(trusted).not.toContain(token);
  });
});

describe('an epoch', () => {
  test('is not used before all who live have seen it, though all reach one memory', async () => {
    const { token } = await untilTrusted();
    await addMember(database.url, { ofTheSameLink: true, leaseS: SHORT_LEASE_S });
    // A third one has died, so there is a new epoch, of which the second knows nothing.
    await addMember(database.url, { ofTheSameLink: true, leaseS: NO_LEASE_S });
    expect(await trustedUntilNew(token)).toHaveLength(2);
    expect(await silentMemberLives(database.url)).toBe(false);
  });
});

describe('a write', () => {
  test('whose view is given up while it is announced is announced in the next one too', async () => {
    const { token } = await untilTrusted();
    const begun = gate();
    const held = gate();
    const announced: string[] = [];
    const acknowledged = keeper.acknowledge(async (view) => {
      announced.push(view.token);
      begun.open();
      await held.passed;
    });
    await begun.passed;
    await addMember(database.url, { leaseS: SHORT_LEASE_S });
    await expect.poll(() => keeper.trusted(), PATIENCE).toBeUndefined();
    held.open();
    await acknowledged;
    expect(await silentMemberLives(database.url)).toBe(false);
    expect(announced).toEqual([token, (await untilTrusted()).token]);
    expect(announced[1]).not.toBe(token);
  });

  test('that cannot be announced for another reason than a link is not acknowledged', async () => {
    await expect(keeper.acknowledge(() => Promise.reject(new Error('out of order')))).rejects.toThrow('out of order');
  });

  test('is announced to nobody where the cache is off', async () => {
    reach(undefined);
    await expect(keeper.acknowledge(() => Promise.reject(new Error('nobody is there')))).resolves.toBeUndefined();
  });
});
