import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { ALL_CASES, mutationNames } from './all-cases.js';
import { askApp } from './ask.js';
import { inBothSettings, type CachedApps } from './cached-apps.js';
import { operationOf, refusalsIn, type MutationCase } from './mutation-case.js';
import { differences, panorama } from './panorama.js';
import { makeWorld } from './world.js';

/** Refused, or done once more, when they are sent a second time: their second reply does not acknowledge the first. */
const NOT_REPEATED = [
  'apiKeyCreate',
  'apiKeyRotate',
  'categoryCreate',
  'categoryDelete',
  'locationCreate',
  'stockItemCreate',
  'parkedScanCreateItem',
  'parkedScanAcceptSuggestion',
  'webhookEndpointDelete',
  'notificationRecipientDelete',
  'fileDelete',
  'outboxJobReplay',
  'personalDataErase',
  'barcodeDecode',
];

/** What waits under a code is applied once the code's name was announced, so only the name can be left unannounced. */
const NAMING: MutationCase = {
  mutation: 'parkedScanResolve',
  what: 'a code under which nothing waits',
  act: ({ ids }) => `code: "NEW-CODE", stockItem: "${ids.milk}"`,
  shows: ['newByCode', 'milkById', 'scans', 'scansInShop', 'deviceScans'],
};

/** A refusal acknowledges nothing, whatever it has left behind. */
const MAY_BE_REPEATED = ALL_CASES.filter(
  ({ mutation, refusals }) => mutation !== NAMING.mutation && !NOT_REPEATED.includes(mutation) && refusals === undefined,
);
const CASES = [...MAY_BE_REPEATED, NAMING];

test('every mutation that may be sent again has a case', () => {
  const names = new Set([...NOT_REPEATED, ...CASES.map(({ mutation }) => mutation)]);
  expect(mutationNames().filter((name) => !names.has(name))).toEqual([]);
});

describe('a write that was committed and told to nobody is shown by all once it was acknowledged to who sends it again', () => {
  inBothSettings((opened) => {
    test.each(CASES.map((each, index) => [`${each.mutation}: ${each.what}`, each, index] as const))('%s', (_, each, index) => {
      const cached = opened();
      return check(cached, cached.apps[index % cached.apps.length] ?? cached.app, each);
    });
  });
});

async function check(cached: CachedApps, writer: App, each: MutationCase): Promise<void> {
  const world = await makeWorld(writer, each.places);
  const operation = operationOf(each, world);
  const before = await panorama(cached.truth, world);
  await cached.warm((app) => panorama(askApp(app), world));
  // As by an instance that died behind its commit.
  expect(refusalsIn(await cached.truth(world.owner, operation))).toEqual([]);

  expect(refusalsIn(await askApp(writer)(world.owner, operation))).toEqual([]);
  const read = await Promise.all(cached.apps.map((app) => panorama(askApp(app), world)));

  const after = await panorama(cached.truth, world);
  expect(differences(before, after)).toEqual(expect.arrayContaining([...each.shows]));
  for (const seen of read) expect(seen).toEqual(after);
}
