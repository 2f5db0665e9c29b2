import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';
import { Shop } from './shop.entity.js';

export class ShopRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<Shop>): Shop {
    const shop = this.em.create(Shop, data);
    this.em.persist(shop);
    return shop;
  }

  /**
   * Makes acts on the shop's trees, keys and settings wait for each other until the transaction ends; movements of stock do not wait for
   * it. To be taken before any other lock.
   */
  async lock(shopId: string): Promise<void> {
    await query(this.em, 'select 1 from shop where id = ? for no key update', [shopId]);
  }

  find(shopId: string): Promise<Shop> {
    return this.em.findOneOrFail(Shop, { id: shopId });
  }
}
