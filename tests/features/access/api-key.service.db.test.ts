import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AccessReader, ApiKeyAuthenticator, type Actor } from '../../../src/features/access/index.js';
import { newSecret } from '../../../src/features/access/api-key-secret.js';
import { query } from '../../../src/platform/sql.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { accessServices, outcome } from './access-fixture.js';

const START = new Date('2026-11-22T10:00:00Z');
const SECOND_MS = 1000;

let database: TestDatabase;
let services: ReturnType<typeof accessServices>;
let authenticator: ApiKeyAuthenticator;
let shop: ShopFixture;
let now = START;
const errors: unknown[] = [];
const clock = { now: () => now };

beforeAll(async () => {
  database = await createTestDatabase();
  services = accessServices(database.orm.em, clock);
  authenticator = new ApiKeyAuthenticator(database.orm.em, clock, (error) => errors.push(error));
});
afterAll(async () => {
  await authenticator.close();
  await database.drop();
});
beforeEach(async () => {
  now = START;
  shop = await createShop(database.orm.em, { locations: 2 });
});

type Draft = Parameters<typeof services.apiKeys.create>[1];
const create = (draft: Partial<Draft>, actor: Actor = shop.actor) =>
  services.apiKeys.create(actor, { name: 'A key', role: 'CLERK', ...draft });
const key = (id: string) => new AccessReader(database.orm.em.fork(), shop.shop.id).apiKey(id);
const at = (seconds: number) => new Date(START.getTime() + seconds * SECOND_MS);

describe('create', () => {
  test('gives a secret that opens the shop with the role of the key; the database has only its hash', async () => {
    const { apiKey, secret } = await create({ name: ' Till 1 ', role: 'CLERK', location: shop.locations[1] });
    const actor = await authenticator.authenticate(secret);
    expect(actor).toMatchObject({ shopId: shop.shop.id, actorId: apiKey.id, name: 'Till 1', role: 'CLERK', mode: undefined });
    expect(actor?.locationId).toBe(shop.locations[1]?.id);
    expect(actor?.shop).toMatchObject({ id: shop.shop.id, name: 'Test shop', currency: 'ZAR', variableMeasure: 'NONE' });
    expect(actor?.shop.stockFloor?.toFixed()).toBe('0');
    const rows = await query(database.orm.em.fork(), 'select api_key::text as row from api_key where id = ?', [apiKey.id]);
    expect(JSON.stringify(rows)).not.toContain(secret.slice('sr_'.length));
  });

  test('a device looks up where nothing else is said, and stands at the only location', async () => {
    expect(await outcome(() => create({ role: 'DEVICE' }))).toBe('INVALID location');
    const small = await createShop(database.orm.em);
    const { apiKey } = await create({ role: 'DEVICE' }, small.actor);
    expect(apiKey).toMatchObject({ mode: 'LOOKUP', location: { id: small.locations[0]?.id } });
  });

  test('refuses what is not right', async () => {
    const away = await createShop(database.orm.em);
    expect(await outcome(() => create({ mode: 'SALE' }))).toBe('INVALID mode');
    expect(await outcome(() => create({ name: ' ' }))).toBe('INVALID name');
    expect(await outcome(() => create({ expiresAt: START }))).toBe('INVALID expiresAt');
    expect(await outcome(() => create({ location: away.locations[0] }))).toBe('NOT_FOUND location');
    expect(await outcome(() => create({ role: 'OWNER' }, { ...shop.actor, role: 'MANAGER' }))).toBe('INVALID role');
    await services.locations.archive(shop.actor, { id: shop.locations[0]?.id });
    expect(await outcome(() => create({ location: shop.locations[0] }))).toBe('INVALID location');
  });
});

describe('a key that may do less than its role', () => {
  const may = async (secret: string) => [...((await authenticator.authenticate(secret))?.permissions ?? [])];

  test('may do what it names, and a key that names nothing all that its role may', async () => {
    const { apiKey, secret } = await create({ role: 'OWNER', permissions: ['stock', 'read', 'stock'] });
    expect(await may(secret)).toEqual(['read', 'stock']);
    expect((await key(apiKey.id))?.permissions).toEqual(['stock', 'read']);
    expect(await may((await create({ role: 'CLERK' })).secret)).toEqual(['read', 'stock', 'scan', 'alerts']);
    expect(await may((await create({ role: 'CLERK', permissions: null })).secret)).toHaveLength(4);
  });

  test('never has more than its role, and names something', async () => {
    expect(await outcome(() => create({ role: 'CLERK', permissions: ['read', 'catalog'] }))).toBe('INVALID permissions.1');
    expect(await outcome(() => create({ role: 'CLERK', permissions: [] }))).toBe('INVALID permissions');
  });

  test('gives nobody a right that it does not have', async () => {
    const { secret } = await create({ role: 'OWNER', permissions: ['keys', 'read'] });
    const narrow = await authenticator.authenticate(secret);
    if (!narrow) throw new Error('The key is not known.');
    expect(await outcome(() => create({ role: 'OWNER' }, narrow))).toBe('INVALID role');
    expect(await outcome(() => create({ role: 'CLERK', permissions: ['read', 'stock'] }, narrow))).toBe('INVALID permissions');
    expect(await may((await create({ role: 'OWNER', permissions: ['keys'] }, narrow)).secret)).toEqual(['keys']);
    expect(await may((await create({ role: 'READER' }, narrow)).secret)).toEqual(['read']);
    const made = await create({ role: 'OWNER', permissions: ['keys'] });
    expect(await outcome(() => services.apiKeys.rotate(narrow, { id: shop.actor.actorId }, 0))).toBe('INVALID id');
    expect(await outcome(() => services.apiKeys.rotate(narrow, { id: made.apiKey.id }, 0))).toBe('done');
  });

  test('does not stand for the last owner, and what it names stays when it is unknown to this version', async () => {
    const { apiKey } = await create({ role: 'OWNER', permissions: ['keys'] });
    const owner = { id: shop.actor.actorId };
    expect(await outcome(() => services.apiKeys.revoke(shop.actor, owner))).toBe('IN_USE id');
    expect(await outcome(() => services.apiKeys.revoke(shop.actor, { id: apiKey.id }))).toBe('done');
    const { apiKey: later, secret } = await create({ role: 'OWNER', permissions: ['read'] });
    await query(database.orm.em.fork(), "update api_key set permissions = '{read,later}' where id = ?", [later.id]);
    expect(await may(secret)).toEqual(['read']);
  });

  test('the database keeps no empty list', async () => {
    const { apiKey } = await create({ role: 'READER' });
    const set = (list: string) =>
      query(database.orm.em.fork(), `update api_key set permissions = ${list} where id = ?`, [apiKey.id]).then(
        () => 'kept',
        (error: unknown) => (String(error).includes('api_key_permissions_check') ? 'refused' : String(error)),
      );
    expect([await set("'{}'"), await set("'{null}'"), await set("'{read}'")]).toEqual(['refused', 'refused', 'kept']);
  });
});

describe('authenticate', () => {
  test('knows neither a typo nor a stranger', async () => {
    const { secret } = await create({});
    const typo = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
    expect(await authenticator.authenticate(typo)).toBeUndefined();
    expect(await authenticator.authenticate(newSecret())).toBeUndefined();
    expect(await authenticator.authenticate('\0')).toBeUndefined();
  });

  test('ends with the expiry', async () => {
    const { secret } = await create({ expiresAt: at(10) });
    now = at(9);
    expect(await authenticator.authenticate(secret)).toBeDefined();
    now = at(10);
    expect(await authenticator.authenticate(secret)).toBeUndefined();
  });

  test('notes the use at most once a minute', async () => {
    const { apiKey, secret } = await create({});
    const noted: (Date | null | undefined)[] = [];
    for (const seconds of [0, 30, 60, 61]) {
      now = at(seconds);
      await Promise.all([authenticator.authenticate(secret), authenticator.authenticate(secret)]);
      await authenticator.close();
      noted.push((await key(apiKey.id))?.lastUsedAt);
    }
    expect(noted).toEqual([START, START, at(60), at(60)]);
    expect(errors).toEqual([]);
  });
});

describe('revoke', () => {
  test('holds at once, and twice is the same as once', async () => {
    const { apiKey, secret } = await create({});
    now = at(5);
    await services.apiKeys.revoke(shop.actor, { id: apiKey.id });
    expect(await authenticator.authenticate(secret)).toBeUndefined();
    now = at(6);
    const again = await services.apiKeys.revoke(shop.actor, { id: apiKey.id });
    expect(again.revokedAt).toEqual(at(5));
  });

  test('is refused for the last owner key that stays, and for a key of another shop', async () => {
    const away = await createShop(database.orm.em);
    const own = { id: shop.actor.actorId };
    await create({ role: 'OWNER', expiresAt: at(60) });
    await create({ role: 'MANAGER' });
    expect(await outcome(() => services.apiKeys.revoke(shop.actor, own))).toBe('IN_USE id');
    await create({ role: 'OWNER' });
    expect(await outcome(() => services.apiKeys.revoke(shop.actor, own))).toBe('done');
    expect(await outcome(() => services.apiKeys.revoke(shop.actor, { id: away.actor.actorId }))).toBe('NOT_FOUND id');
  });
});

test('the list has live keys first, the newest first', async () => {
  const made = [await create({ name: 'One' }), await create({ name: 'Two' }), await create({ name: 'Three' })];
  await services.apiKeys.revoke(shop.actor, { id: made[1]?.apiKey.id });
  const names = (await new AccessReader(database.orm.em.fork(), shop.shop.id).apiKeys()).map(({ name }) => name);
  expect(names).toEqual(['Three', 'One', 'OWNER key', 'Two']);
});
