import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessReader } from '../../../src/features/access/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop } from '../../support/shop-fixture.js';
import { accessServices, outcome } from './access-fixture.js';

const ROUNDS = 10;
const LOCATIONS = 5;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('of all locations archived at once one stays', async () => {
  const { locations } = accessServices(database.orm.em);
  for (let round = 0; round < ROUNDS; round += 1) {
    const shop = await createShop(database.orm.em, { locations: LOCATIONS });
    const outcomes = await Promise.all(shop.locations.map(({ id }) => outcome(() => locations.archive(shop.actor, { id }))));
    expect(outcomes.filter((each) => each === 'IN_USE id')).toHaveLength(1);
    const left = await new AccessReader(database.orm.em.fork(), shop.shop.id).locations();
    expect(left.filter(({ archivedAt }) => archivedAt === null)).toHaveLength(1);
  }
});

test('of all owner keys revoked at once one stays', async () => {
  const { apiKeys } = accessServices(database.orm.em);
  for (let round = 0; round < ROUNDS; round += 1) {
    const shop = await createShop(database.orm.em);
    const create = (n: number) => apiKeys.create(shop.actor, { name: `Owner ${String(n)}`, role: 'OWNER' });
    const more = await Promise.all([1, 2, 3].map(create));
    const ids = [shop.actor.actorId, ...more.map(({ apiKey }) => apiKey.id)];
    const outcomes = await Promise.all(ids.map((id) => outcome(() => apiKeys.revoke(shop.actor, { id }))));
    expect(outcomes.filter((each) => each === 'IN_USE id')).toHaveLength(1);
  }
});
