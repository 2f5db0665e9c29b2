import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessReader, ApiKeyAuthenticator } from '../../../src/features/access/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { accessServices, outcome } from './access-fixture.js';

const DRAFT = { name: 'Corner shop', currency: 'ZAR', timeZone: 'Africa/Johannesburg' };

let database: TestDatabase;
let services: ReturnType<typeof accessServices>;

beforeAll(async () => {
  database = await createTestDatabase();
  services = accessServices(database.orm.em);
});
afterAll(() => database.drop());

describe('create', () => {
  test('makes a shop that its owner can act in', async () => {
    const made = await services.shops.create(DRAFT);
    const authenticator = new ApiKeyAuthenticator(database.orm.em, systemClock, () => undefined);
    const actor = await authenticator.authenticate(made.secret);
    await authenticator.close();
    expect(actor).toMatchObject({ shopId: made.shop.id, role: 'OWNER', actorId: made.actor.actorId });
    expect(await services.locations.create(made.actor, { code: 'STORE', name: 'Storeroom' })).toMatchObject({ code: 'STORE' });
    const reader = new AccessReader(database.orm.em.fork(), made.shop.id);
    expect((await reader.locations()).map(({ code }) => code)).toEqual(['SHOP', 'STORE']);
  });

  test.each([
    ['INVALID name', { name: ' ' }],
    ['INVALID currency', { currency: 'zar' }],
    ['INVALID currency', { currency: 'QQQ' }],
    ['INVALID timeZone', { timeZone: 'Mars/Base' }],
  ])('%s: %o', async (expected, change) => {
    expect(await outcome(async () => services.shops.create({ ...DRAFT, ...change }))).toBe(expected);
  });
});

describe('update', () => {
  test('changes what is named and tells the keeper of the levels of a new floor', async () => {
    const { actor, shop } = await services.shops.create(DRAFT);
    await services.shops.update(actor, { name: 'Other name' });
    expect(services.levels.floors).toEqual([]);
    await services.shops.update(actor, { stockFloor: null, variableMeasure: 'ITEM5_PRICE5' });
    const read = () => new AccessReader(database.orm.em.fork(), shop.id).shop();
    expect(await read()).toMatchObject({ name: 'Other name', stockFloor: null, variableMeasure: 'ITEM5_PRICE5' });
    await services.shops.update(actor, { stockFloor: quantity('-2.5'), variableMeasure: null });
    const changed = await read();
    expect([changed.stockFloor?.toFixed(), changed.variableMeasure]).toEqual(['-2.5', 'NONE']);
    expect(services.levels.floors).toEqual(['none', '-2.5']);
  });

  test('refuses an empty name and a setting that is none', async () => {
    const { actor } = await services.shops.create(DRAFT);
    expect(await outcome(async () => services.shops.update(actor, { name: null }))).toBe('INVALID name');
    expect(await outcome(async () => services.shops.update(actor, { variableMeasure: 'ANY' }))).toBe('INVALID variableMeasure');
  });
});
