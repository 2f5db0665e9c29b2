import type { EntityManager } from '@mikro-orm/postgresql';
import { hashSecret, newSecret } from '../../src/features/access/api-key-secret.js';
import { ApiKey, Location, permissionsOf, Shop, type Actor, type Role } from '../../src/features/access/index.js';
import { StockItem } from '../../src/features/catalog/index.js';
import { newId } from '../../src/kernel/ids.js';

export interface ShopFixture {
  readonly shop: Shop;
  readonly actor: Actor;
  /** Of the owner's API key. */
  readonly secret: string;
  readonly locations: readonly Location[];
  readonly items: readonly StockItem[];
}

const FIXTURE_TIME = new Date('2026-01-01T00:00:00Z');

/** A shop with bare rows: `locations` locations (codes L1, L2, …) and `items` items (SKUs SKU-1, SKU-2, …), nothing in stock. */
export async function createShop(
  root: EntityManager,
  counts: { locations?: number; items?: number; stockFloor?: null } = {},
): Promise<ShopFixture> {
  const em = root.fork();
  const stamps = { createdAt: FIXTURE_TIME, updatedAt: FIXTURE_TIME };
  const shop = em.create(Shop, {
    id: newId(),
    name: 'Test shop',
    currency: 'ZAR',
    timeZone: 'Africa/Johannesburg',
    ...(counts.stockFloor === null ? { stockFloor: null } : {}),
    ...stamps,
  });
  await em.persist(shop).flush();
  await em.refresh(shop);
  const secret = newSecret();
  const key = createKey(em, shop, 'OWNER', secret);
  const locations = range(counts.locations ?? 1).map((n) =>
    em.create(Location, { shopId: shop.id, id: newId(), code: `L${n}`, name: `Location ${n}`, ...stamps }),
  );
  const items = range(counts.items ?? 1).map((n) => {
    const [sku, name] = [`SKU-${n}`, `Item ${n}`];
    return em.create(StockItem, {
      shopId: shop.id,
      id: newId(),
      sku,
      name,
      unit: 'each',
      searchText: `${name}\n${sku}`.toLowerCase(),
      ...stamps,
    });
  });
  await em.persist([key, ...locations, ...items]).flush();
  return { shop, actor: actorOf(shop, key), secret, locations, items };
}

function createKey(em: EntityManager, shop: Shop, role: Role, secret: string): ApiKey {
  const id = newId();
  const secretHash = hashSecret(secret);
  return em.create(ApiKey, { shopId: shop.id, id, name: `${role} key`, role, secretHash, createdAt: FIXTURE_TIME });
}

function actorOf(shop: Shop, key: ApiKey): Actor {
  const { id: actorId, name, role } = key;
  const bearings = { personId: undefined, locationId: undefined, mode: undefined };
  return { shop, shopId: shop.id, actorId, kind: 'KEY', name, role, permissions: permissionsOf(role), ...bearings };
}

function range(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}
