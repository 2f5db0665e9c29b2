import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { arrayLiteral, query } from '../../platform/sql.js';
import { readRows, selectRows } from '../../platform/read-rows.js';
import { UNCACHED, type CacheSession } from '../../platform/cache/cache-session.js';
import { inOrder, soughtCode } from '../access/index.js';
import { CATEGORIES } from './catalog.region.js';
import { CategoryTree } from './category-tree.js';
import { Category } from './category.entity.js';

/** What a request reads of its shop's tree of categories: out of the whole tree where that is cached, otherwise just what is asked for. */
export class CategoryReader {
  private wholeTree: Promise<CategoryTree | undefined> | undefined;
  private readonly categoryById = new DataLoader<string, Category | undefined>(async (ids) => {
    const byIds = 'select * from category where shop_id = ? and id = any(?::uuid[])';
    const found = await selectRows(this.em, Category, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly categoryByCode = new DataLoader<string, Category | undefined>(async (codes) => {
    const byCodes = 'select * from category where shop_id = ? and code = any(?::text[])';
    const found = await selectRows(this.em, Category, [byCodes, this.shopId, arrayLiteral(codes)]);
    return inOrder(codes, found, ({ code }) => code);
  });
  private readonly childrenByParent = new DataLoader<string, Category[]>(async (parentIds) => {
    const beneath = 'select * from category where shop_id = ? and parent_id = any(?::uuid[]) order by code';
    const children = await selectRows(this.em, Category, [beneath, this.shopId, arrayLiteral(parentIds)]);
    const groups = Object.groupBy(children, ({ parent }) => parent?.id ?? '');
    return parentIds.map((id) => groups[id] ?? []);
  });
  private readonly pathTo = new DataLoader<string, Category[]>((ids) => this.loadPaths(ids));

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
    private readonly cache: CacheSession = UNCACHED,
  ) {}

  async byId(id: string): Promise<Category | undefined> {
    const tree = await this.tree();
    return tree ? tree.find(id) : this.categoryById.load(id);
  }

  /** However the code is written. */
  async byCode(code: string): Promise<Category | undefined> {
    const sought = soughtCode(code);
    if (sought === undefined) return undefined;
    const tree = await this.tree();
    return tree ? tree.findByCode(sought) : this.categoryByCode.load(sought);
  }

  /** Those right beneath it, by code. */
  async childrenOf(category: Category): Promise<readonly Category[]> {
    const tree = await this.tree();
    return tree ? tree.childrenOf(category.id) : this.childrenByParent.load(category.id);
  }

  /** From the root down to this category. */
  async pathOf(category: Category): Promise<Category[]> {
    if (!category.parent) return [category];
    const tree = await this.tree();
    const above = tree ? tree.pathTo(category.parent.id) : await this.pathTo.load(category.parent.id);
    return [...above, category];
  }

  /** By code. */
  async roots(): Promise<readonly Category[]> {
    const tree = await this.tree();
    if (tree) return tree.roots();
    const sql = 'select * from category where shop_id = ? and parent_id is null order by code';
    return this.remember(await selectRows(this.em, Category, [sql, this.shopId]));
  }

  /** Every category beneath this one at any depth: each before those beneath it, siblings by code. */
  async beneath(parentId: string): Promise<Category[]> {
    const tree = await this.tree();
    if (tree) return tree.beneath(parentId);
    const found = await selectRows(this.em, Category, [
      `with recursive tree(id, codes) as (
         select id, array[code] from category where shop_id = ? and parent_id = ?
         union all
         select c.id, tree.codes || c.code from category c join tree on c.parent_id = tree.id where c.shop_id = ?
       )
       select c.* from tree join category c on c.shop_id = ? and c.id = tree.id order by tree.codes`,
      ...[this.shopId, parentId, this.shopId, this.shopId],
    ]);
    return this.remember(found);
  }

  private tree(): Promise<CategoryTree | undefined> {
    return (this.wholeTree ??= this.cache.isCaching('categories') ? this.cachedTree() : Promise.resolve(undefined));
  }

  private async cachedTree(): Promise<CategoryTree | undefined> {
    const [tree] = await this.cache.getMany(CATEGORIES, [this.shopId], async () => {
      const all = await selectRows(this.em, Category, ['select * from category where shop_id = ? order by code', this.shopId]);
      return [new CategoryTree(this.shopId, all)];
    });
    return tree;
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
    const found = this.remember(readRows(this.em, Category, rows));
    for (const [index, { path_of: id }] of rows.entries()) paths.get(id)?.push(...found.slice(index, index + 1));
    return ids.map((id) => paths.get(id) ?? []);
  }

  private remember(categories: Category[]): Category[] {
    for (const category of categories) this.categoryById.prime(category.id, category);
    return categories;
  }
}
