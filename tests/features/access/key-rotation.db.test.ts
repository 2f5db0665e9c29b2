import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ApiKeyAuthenticator, permissionsOf, type Actor } from '../../../src/features/access/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { accessServices, outcome } from './access-fixture.js';

const START = new Date('2026-11-22T10:00:00Z');
const MINUTE_MS = 60_000;

let database: TestDatabase;
let services: ReturnType<typeof accessServices>;
let authenticator: ApiKeyAuthenticator;
let shop: ShopFixture;
let now = START;
const clock = { now: () => now };

beforeAll(async () => {
  database = await createTestDatabase();
  services = accessServices(database.orm.em, clock);
  authenticator = new ApiKeyAuthenticator(database.orm.em, clock, () => undefined);
});
afterAll(async () => {
  await authenticator.close();
  await database.drop();
});
beforeEach(async () => {
  now = START;
  shop = await createShop(database.orm.em);
});

const after = (minutes: number) => {
  now = new Date(START.getTime() + minutes * MINUTE_MS);
};
const rotate = (id: string, minutes: number | null, actor: Actor = shop.actor) => services.apiKeys.rotate(actor, { id }, minutes);
/** Which of these secrets are let in, as the id of their key. */
const letIn = (...secrets: readonly string[]) =>
  Promise.all(secrets.map(async (secret) => (await authenticator.authenticate(secret))?.actorId));
const makeKey = (draft: Partial<Parameters<typeof services.apiKeys.create>[1]> = {}) =>
  services.apiKeys.create(shop.actor, { name: 'Till', role: 'CLERK', ...draft });

describe('a key that is rotated', () => {
  test('has two secrets while they overlap, and stays the same key', async () => {
    const { apiKey, secret: old } = await makeKey();
    const { apiKey: rotated, secret: young } = await rotate(apiKey.id, 10);
    expect(young).not.toBe(old);
    expect(rotated).toMatchObject({ id: apiKey.id, previousSecretEndsAt: new Date(START.getTime() + 10 * MINUTE_MS) });
    expect(await letIn(old, young)).toEqual([apiKey.id, apiKey.id]);
    after(9.99);
    expect(await letIn(old, young)).toEqual([apiKey.id, apiKey.id]);
    after(10);
    expect(await letIn(old, young)).toEqual([undefined, apiKey.id]);
  });

  test('overlaps for an hour where nothing is said, and not at all with 0', async () => {
    const { apiKey, secret: first } = await makeKey();
    const { apiKey: rotated, secret: second } = await rotate(apiKey.id, null);
    expect(rotated.previousSecretEndsAt).toEqual(new Date(START.getTime() + 60 * MINUTE_MS));
    const { secret: third } = await rotate(apiKey.id, 0);
    expect(await letIn(first, second, third)).toEqual([undefined, undefined, apiKey.id]);
  });

  test('again, while secrets overlap, keeps what devices have: the new one may have been lost on its way', async () => {
    const { apiKey, secret: inUse } = await makeKey();
    const { secret: lost } = await rotate(apiKey.id, 10);
    after(5);
    const { secret: young } = await rotate(apiKey.id, 10);
    after(14);
    expect(await letIn(inUse, lost, young)).toEqual([apiKey.id, undefined, apiKey.id]);
    after(15);
    expect(await letIn(inUse, young)).toEqual([undefined, apiKey.id]);
    const { secret: last } = await rotate(apiKey.id, 10);
    expect(await letIn(inUse, young, last)).toEqual([undefined, apiKey.id, apiKey.id]);
  });

  test('is revoked with both, and ends with both', async () => {
    const expiring = await makeKey({ expiresAt: new Date(START.getTime() + 5 * MINUTE_MS) });
    const { secret: young } = await rotate(expiring.apiKey.id, 10);
    after(5);
    expect(await letIn(expiring.secret, young)).toEqual([undefined, undefined]);

    after(0);
    const { apiKey, secret } = await makeKey();
    const rotated = await rotate(apiKey.id, 10);
    await services.apiKeys.revoke(shop.actor, { id: apiKey.id });
    expect(await letIn(secret, rotated.secret)).toEqual([undefined, undefined]);
  });
});

describe('refuses', () => {
  test('what is not right', async () => {
    const { apiKey } = await makeKey();
    const away = await createShop(database.orm.em);
    expect(await outcome(() => rotate(apiKey.id, -1))).toBe('INVALID overlapMinutes');
    expect(await outcome(() => rotate(apiKey.id, 10_081))).toBe('INVALID overlapMinutes');
    expect(await outcome(() => rotate(apiKey.id, 10_080))).toBe('done');
    expect(await outcome(() => rotate(apiKey.id, 1, away.actor))).toBe('NOT_FOUND id');
    await services.apiKeys.revoke(shop.actor, { id: apiKey.id });
    expect(await outcome(() => rotate(apiKey.id, 1))).toBe('INVALID id');
  });

  test('to hand the secret of a key that may do more to somebody who may do less', async () => {
    const manager = { ...shop.actor, role: 'MANAGER', permissions: permissionsOf('MANAGER') } as const;
    const clerk = await makeKey();
    expect(await outcome(() => rotate(shop.actor.actorId, 1, manager))).toBe('INVALID id');
    expect(await outcome(() => rotate(clerk.apiKey.id, 1, manager))).toBe('done');
  });
});
