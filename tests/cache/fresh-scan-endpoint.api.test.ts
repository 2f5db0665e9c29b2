import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.js';
import { askApp } from './ask.js';
import { inBothSettings, type CachedApps } from './cached-apps.js';
import { refusalsIn } from './mutation-case.js';
import { differences, panorama } from './panorama.js';
import { EAN, makeWorld, SCALE_LABEL, SCALE_SETTING, type World } from './world.js';

/** Status and line of a scan by POST /scan. */
async function post(app: App, key: string, scan: object): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/scan', headers, payload: scan });
  return `${String(statusCode)} ${body.trim()}`;
}

interface LookUpCase {
  readonly what: string;
  readonly scan: (world: World) => object;
  readonly before: string;
  readonly act: (world: World) => string;
  readonly after: string;
}

const LOOK_UPS: readonly LookUpCase[] = [
  {
    what: "an item's name",
    scan: () => ({ code: EAN, loc: 'SHOP' }),
    before: '200 OK Rye bread: 10 left',
    act: ({ ids }) => `stockItemUpdate(id: "${ids.bread}", patch: { name: "Dark rye bread" })`,
    after: '200 OK Dark rye bread: 10 left',
  },
  {
    what: 'what is left of it',
    scan: () => ({ code: 'BREAD-CASE', loc: 'shop' }),
    before: '200 OK Rye bread: 10 left',
    act: ({ ids }) =>
      `stockTransfer(input: { key: "test", stockItem: { sku: "BREAD" }, from: "${ids.shop}", to: "${ids.back}", quantity: "4" })`,
    after: '200 OK Rye bread: 6 left',
  },
  {
    what: 'a code that nobody knew',
    scan: () => ({ code: 'NEW-CODE' }),
    before: '202 PARKED NEW-CODE: unknown code, kept',
    act: () => 'stockItemCreate(input: { sku: "NEW", name: "New", barcodes: [{ value: "NEW-CODE" }] })',
    after: '200 OK New: 0 left',
  },
  {
    what: "a location's code that nobody knew",
    scan: () => ({ code: EAN, loc: 'ATTIC' }),
    before: '422 NO Rye bread: The shop has no such location.',
    act: () => 'locationCreate(input: { code: "Attic", name: "Attic" })',
    after: '200 OK Rye bread: 0 left',
  },
  {
    what: 'the label of a scale',
    scan: () => ({ code: SCALE_LABEL }),
    before: '202 PARKED 2000451012957: unknown code, kept',
    act: () => `shopUpdate(patch: { variableMeasure: "${SCALE_SETTING}" })`,
    after: '200 OK Cheese: 0 left',
  },
  {
    what: 'the room where the device stands',
    scan: () => ({ code: EAN }),
    before: '200 OK Rye bread: 0 left',
    act: ({ ids }) => `locationArchive(id: "${ids.empty}")`,
    after: '422 NO Rye bread: The empty room is archived: use another location.',
  },
  {
    what: 'the key of the device',
    scan: () => ({ code: EAN }),
    before: '200 OK Rye bread: 0 left',
    act: ({ ids }) => `apiKeyRevoke(id: "${ids.deviceKey}")`,
    after: '401 NO This device key is not valid',
  },
];

describe('POST /scan', () => {
  inBothSettings((opened) => {
    test.each(LOOK_UPS.map((each) => [each.what, each] as const))('shows anew what has changed: %s', async (_, each) => {
      const cached = opened();
      const { app, apps } = cached;
      const world = await makeWorld(app);
      const shown = await cached.warm((one) => post(one, world.device, each.scan(world)));
      expect(shown).toEqual(apps.map(() => each.before));
      const reply = await askApp(app)(world.owner, `mutation { ${each.act(world)} { userErrors { code message } } }`);
      expect(refusalsIn(reply)).toEqual([]);
      for (const one of apps) expect(await post(one, world.device, each.scan(world))).toBe(each.after);
    });

    test('what it moves is shown at once by all', async () => {
      const cached = opened();
      const world = await makeWorld(cached.app);
      await moved(cached, world, async () => {
        const sale = { id: 'sale', code: 'BREAD-CASE', mode: 'RECEIVE', loc: world.ids.back };
        expect(await post(cached.app, world.owner, sale)).toBe('200 OK Rye bread: 17 left');
      });
    });

    test('what it moved and told nobody is shown by all once it is sent again', async () => {
      const cached = opened();
      const world = await makeWorld(cached.app);
      await moved(cached, world, async () => {
        const input = `id: "sale", code: "${EAN}", mode: SALE, location: "${world.ids.back}"`;
        const silent = await cached.truth(world.owner, `mutation { scan(input: { ${input} }) { outcome } }`);
        expect(silent).toEqual({ scan: { outcome: 'APPLIED' } });
        const again = { id: 'sale', code: EAN, mode: 'SALE', loc: world.ids.back };
        expect(await post(cached.app, world.owner, again)).toBe('200 OK Rye bread: 4 left');
      });
    });
  });
});

/** What was warm everywhere before the scan is shown as the database has it after it. */
async function moved(cached: CachedApps, world: World, act: () => Promise<void>): Promise<void> {
  const [before] = await cached.warm((app) => panorama(askApp(app), world));
  await act();
  const read = await Promise.all(cached.apps.map((app) => panorama(askApp(app), world)));
  const after = await panorama(cached.truth, world);
  expect(differences(before ?? {}, after)).toEqual(expect.arrayContaining(['breadById', 'breadByEan']));
  for (const seen of read) expect(seen).toEqual(after);
}
