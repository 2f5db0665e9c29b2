import { LockMode } from '@mikro-orm/core';
import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';
import { standsWithin } from '../access/index.js';
import { Category } from './category.entity.js';

export interface CategoryContents {
  readonly children: number;
  /** Items right in it, archived ones too. */
  readonly items: number;
}

export class CategoryRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<Category>): Category {
    const category = this.em.create(Category, data);
    this.em.persist(category);
    return category;
  }

  remove(category: Category): void {
    this.em.remove(category);
  }

  async find(shopId: string, id: string): Promise<Category | undefined> {
    return (await this.em.findOne(Category, { shopId, id })) ?? undefined;
  }

  /** Locked until the transaction ends, against new items in it and new categories beneath it too. */
  async findForUpdate(shopId: string, id: string): Promise<Category | undefined> {
    return (await this.em.findOne(Category, { shopId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  count(shopId: string): Promise<number> {
    return this.em.count(Category, { shopId });
  }

  /** Whether the category has anything in it: counts up to one of each. */
  async contents(shopId: string, id: string): Promise<CategoryContents> {
    const [found] = await query<CategoryContents>(
      this.em,
      `select exists (select 1 from category where shop_id = ? and parent_id = ?)::int as children,
              exists (select 1 from stock_item where shop_id = ? and category_id = ?)::int as items`,
      [shopId, id, shopId, id],
    );
    return found ?? { children: 0, items: 0 };
  }

  /** Whether `id` is `ancestorId` or stands anywhere beneath it. */
  isWithin(shopId: string, id: string, ancestorId: string): Promise<boolean> {
    return standsWithin(this.em, 'category', { shopId, id, ancestorId });
  }
}
