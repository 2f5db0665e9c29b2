import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { arrayLiteral, query } from '../../platform/sql.js';
import { inOrder, isStorable, normalizeCode } from '../access/index.js';
import { Category } from './category.entity.js';

/** What is only read need not be watched for changes. */
const UNWATCHED = { disableIdentityMap: true } as const;

/** What a request reads of its shop's tree of categories. */
export class CategoryReader {
  private readonly categoryById = new DataLoader<string, Category | undefined>(async (ids) => {
    const found = await this.em.find(Category, { shopId: this.shopId, id: { $in: [...ids] } }, UNWATCHED);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly categoryByCode = new DataLoader<string, Category | undefined>(async (codes) => {
    const found = await this.em.find(Category, { shopId: this.shopId, code: { $in: [...codes] } }, UNWATCHED);
    return inOrder(codes, found, ({ code }) => code);
  });
  private readonly childrenByParent = new DataLoader<string, Category[]>(async (parentIds) => {
    const where = { shopId: this.shopId, parent: { id: { $in: [...parentIds] } } };
    const children = await this.em.find(Category, where, { ...UNWATCHED, orderBy: { code: 'asc' } });
    const groups = Object.groupBy(children, ({ parent }) => parent?.id ?? '');
    return parentIds.map((id) => groups[id] ?? []);
  });
  private readonly pathTo = new DataLoader<string, Category[]>((ids) => this.loadPaths(ids));

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  byId(id: string): Promise<Category | undefined> {
    return this.categoryById.load(id);
  }

  /** However the code is written. */
  async byCode(code: string): Promise<Category | undefined> {
    return isStorable(code) ? this.categoryByCode.load(normalizeCode(code)) : undefined;
  }

  /** Those right beneath it, by code. */
  childrenOf(category: Category): Promise<Category[]> {
    return this.childrenByParent.load(category.id);
  }

  /** From the root down to this category. */
  async pathOf(category: Category): Promise<Category[]> {
    const above = category.parent ? await this.pathTo.load(category.parent.id) : [];
    return [...above, category];
  }

  /** By code. */
  async roots(): Promise<Category[]> {
    const sql = 'select * from category where shop_id = ? and parent_id is null order by code';
    return (await query(this.em, sql, [this.shopId])).map(this.mapper());
  }

  /** Every category beneath this one at any depth: each before those beneath it, siblings by code. */
  async beneath(parentId: string): Promise<Category[]> {
    const rows = await query(
      this.em,
      `with recursive tree(id, codes) as (
         select id, array[code] from category where shop_id = ? and parent_id = ?
         union all
         select c.id, tree.codes || c.code from category c join tree on c.parent_id = tree.id where c.shop_id = ?
       )
       select c.* from tree join category c on c.shop_id = ? and c.id = tree.id order by tree.codes`,
      [this.shopId, parentId, this.shopId, this.shopId],
    );
    return rows.map(this.mapper());
  }

  private async loadPaths(ids: readonly string[]): Promise<Category[][]> {
    const rows = await query<{ path_of: string }>(
      this.em,
      `with recursive up(path_of, id, parent_id, height) as (
         select id, id, parent_id, 0 from category where shop_id = ? and id = any(?::uuid[])
         union all
         select up.path_of, c.id, c.parent_id, up.height + 1
         from category c join up on c.id = up.parent_id where c.shop_id = ?
       )
       select up.path_of, c.* from up join category c on c.shop_id = ? and c.id = up.id order by up.height desc`,
      [this.shopId, arrayLiteral(ids), this.shopId, this.shopId],
    );
    const paths = new Map<string, Category[]>(ids.map((id) => [id, []]));
    const map = this.mapper();
    for (const { path_of: id, ...row } of rows) paths.get(id)?.push(map(row));
    return ids.map((id) => paths.get(id) ?? []);
  }

  /** Turns rows into entities of an identity map of their own, and remembers them. */
  private mapper(): (row: object) => Category {
    const em = this.em.fork();
    return (row) => {
      const category = em.map(Category, row);
      this.categoryById.prime(category.id, category);
      return category;
    };
  }
}
