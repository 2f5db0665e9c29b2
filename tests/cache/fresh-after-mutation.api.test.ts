import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { ALL_CASES, mutationNames } from './all-cases.js';
import { askApp } from './ask.js';
import { inBothSettings, type CachedApps } from './cached-apps.js';
import { operationOf, refusalsIn, type MutationCase } from './mutation-case.js';
import { differences, panorama } from './panorama.js';
import { makeWorld } from './world.js';

test('every mutation has a case', () => {
  expect(mutationNames().filter((name) => !ALL_CASES.some(({ mutation }) => mutation === name))).toEqual([]);
});

describe('after a mutation was acknowledged, everything is shown as the database has it, by whichever instance', () => {
  inBothSettings((opened) => {
    test.each(ALL_CASES.map((each, index) => [`${each.mutation}: ${each.what}`, each, index] as const))(
      '%s',
      (_, each, index) => {
        const cached = opened();
        // One after the other writes; all of them read.
        const writer = cached.apps[index % cached.apps.length] ?? cached.app;
        return check(cached, writer, each);
      },
    );

    test('apiKeyCreate: the new key is let in by all', async () => {
      const { app, apps } = opened();
      const { owner } = await makeWorld(app);
      const made = await askApp(app)<{ apiKeyCreate: { secret: string } }>(
        owner,
        'mutation { apiKeyCreate(input: { name: "Till", role: READER }) { secret } }',
      );
      for (const each of apps) {
        expect(await askApp(each)(made.apiKeyCreate.secret, '{ shop { name } }')).toEqual({ shop: { name: 'World' } });
      }
    });
  });
});

async function check(cached: CachedApps, writer: App, each: MutationCase): Promise<void> {
  const world = await makeWorld(writer, each.places);
  const shown = await cached.warm((app) => panorama(askApp(app), world));
  const before = await panorama(cached.truth, world);
  for (const seen of shown) expect(seen).toEqual(before);

  const reply = await askApp(writer)(world.owner, operationOf(each, world));
  expect(refusalsIn(reply)).toHaveLength(each.refusals ?? 0);
  const read = await Promise.all(cached.apps.map((app) => panorama(askApp(app), world)));

  const after = await panorama(cached.truth, world);
  expect(differences(before, after)).toEqual(expect.arrayContaining([...each.shows]));
  for (const seen of read) expect(seen).toEqual(after);
}
