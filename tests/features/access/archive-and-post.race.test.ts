import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCESS_REFUSALS, AccessReader, LocationService } from '../../../src/features/access/index.js';
import { LevelGuardRepository, MovementService, type StockAct } from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { query } from '../../../src/platform/sql.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { outcome } from './access-fixture.js';

const ROUNDS = 20;

let database: TestDatabase;
let locations: LocationService;
let movements: MovementService;

beforeAll(async () => {
  database = await createTestDatabase();
  const work = new UnitOfWork(database.orm.em, ACCESS_REFUSALS);
  locations = new LocationService(work, systemClock, new LevelGuardRepository());
  movements = new MovementService(work, systemClock);
});
afterAll(() => database.drop());

function act({ items, locations: [at] }: ShopFixture, kind: 'RECEIPT' | 'ISSUE'): StockAct {
  const key = { scope: 'STOCK', key: newId() } as const;
  return { type: 'MOVE', kind, key, item: { id: items[0]?.id }, location: { id: at?.id }, quantity: quantity(1) };
}

/** Whether the first location is archived, and what lies there. */
async function stateOf({ shop, locations: [at] }: ShopFixture): Promise<{ archived: boolean; onHand: number }> {
  const em = database.orm.em.fork();
  const location = await new AccessReader(em, shop.id).location(at?.id ?? '');
  const sql = 'select coalesce(sum(on_hand), 0)::int as sum from stock_level where shop_id = ? and location_id = ?';
  const [row] = await query<{ sum: number }>(em, sql, [shop.id, at?.id]);
  return { archived: location?.archivedAt !== null, onHand: row?.sum ?? 0 };
}

describe.each([
  ['where there is a level already', true],
  ['where there is none yet', false],
])('a location that is archived while something arrives, %s', (_, hasLevel) => {
  test('is either archived and empty, or in use and holds it', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const shop = await createShop(database.orm.em, { locations: 2 });
      if (hasLevel) for (const kind of ['RECEIPT', 'ISSUE'] as const) await movements.postOne(shop.actor, act(shop, kind));
      const [archived, posted] = await Promise.all([
        outcome(() => locations.archive(shop.actor, { id: shop.locations[0]?.id })),
        movements.postOne(shop.actor, act(shop, 'RECEIPT')),
      ]);
      const state = await stateOf(shop);
      const posting = posted.refusal?.code ?? posted.status;
      expect([archived, posting, state]).toEqual(
        state.archived
          ? ['done', 'INVALID', { archived: true, onHand: 0 }]
          : ['IN_USE id', 'APPLIED', { archived: false, onHand: 1 }],
      );
    }
  });
});
