import type { Category } from './category.entity.js';

/** All categories of a shop as they were at one moment, and the ways through them. */
export class CategoryTree {
  private readonly byId: ReadonlyMap<string, Category>;
  private readonly byCode: ReadonlyMap<string, Category>;
  private readonly children: Readonly<Partial<Record<string, Category[]>>>;

  /** `all`: in the order of their codes, as the database has it, which is then the order of siblings. */
  constructor(
    readonly shopId: string,
    readonly all: readonly Category[],
  ) {
    this.byId = new Map(all.map((category) => [category.id, category]));
    this.byCode = new Map(all.map((category) => [category.code, category]));
    this.children = Object.groupBy(all, ({ parent }) => parent?.id ?? '');
    // They are handed out as they are, to many requests.
    for (const siblings of Object.values(this.children)) Object.freeze(siblings);
  }

  find(id: string): Category | undefined {
    return this.byId.get(id);
  }

  /** In the form that codes are compared in. */
  findByCode(code: string): Category | undefined {
    return this.byCode.get(code);
  }

  /** By code. */
  roots(): readonly Category[] {
    return this.children[''] ?? [];
  }

  /** By code. */
  childrenOf(id: string): readonly Category[] {
    return this.children[id] ?? [];
  }

  /** From the root down to it. */
  pathTo(id: string): Category[] {
    const path: Category[] = [];
    for (let at = this.byId.get(id); at; at = at.parent ? this.byId.get(at.parent.id) : undefined) path.push(at);
    return path.reverse();
  }

  /** At any depth: each before those beneath it, siblings by code. */
  beneath(id: string): Category[] {
    const found: Category[] = [];
    const open = this.childrenOf(id).toReversed();
    for (let next = open.pop(); next; next = open.pop()) {
      found.push(next);
      open.push(...this.childrenOf(next.id).toReversed());
    }
    return found;
  }
}
