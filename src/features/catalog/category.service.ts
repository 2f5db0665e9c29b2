import type { Clock } from '../../kernel/clock.js';
import { InUseError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { requireCode, requireLine, ShopRepository, shopStamp, type Actor, type RowRef } from '../access/index.js';
import type { Category } from './category.entity.js';
import { CategoryRepository } from './category.repository.js';

export const MAX_CATEGORIES = 10_000;

export interface CategoryDraft {
  readonly name: string;
  readonly code: string;
  readonly parent?: RowRef | null | undefined;
}

/** Absent: unchanged. A null parent makes a root; name and code cannot be cleared. */
export interface CategoryChanges {
  readonly name?: string | null | undefined;
  readonly code?: string | null | undefined;
  readonly parent?: RowRef | null | undefined;
}

/** The shop's tree of categories. Each act is a transaction of its own. */
export class CategoryService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Refuses INVALID texts, a DUPLICATE code (compared in upper case), a parent that is NOT_FOUND. */
  create(actor: Actor, draft: CategoryDraft): Promise<Category> {
    const [name, code] = [requireLine(draft.name, ['name']), requireCode(draft.code, ['code'])];
    return this.work.run(actor, async ({ em }) => {
      const categories = new CategoryRepository(em);
      if ((await categories.count(actor.shopId)) >= MAX_CATEGORIES) {
        throw new InvalidError(`A shop has at most ${String(MAX_CATEGORIES)} categories.`);
      }
      const parent = draft.parent ? await findCategory(categories, actor.shopId, draft.parent, 'parent') : null;
      const now = this.clock.now();
      return categories.add({ shopId: actor.shopId, id: newId(), name, code, parent, createdAt: now, updatedAt: now });
    });
  }

  /**
   * Moves take everything beneath along. Refuses what `create` refuses, a category that is NOT_FOUND, and (INVALID) a parent that stands
   * beneath the category itself; moves of one shop wait for each other, because two that are right alone could close a circle together.
   */
  update(actor: Actor, ref: RowRef, changes: CategoryChanges): Promise<Category> {
    const name = changes.name === undefined ? undefined : requireLine(changes.name, ['name']);
    const code = changes.code === undefined ? undefined : requireCode(changes.code, ['code']);
    return this.work.run(actor, async (transaction) => {
      const { em } = transaction;
      transaction.touch(shopStamp(actor.shopId));
      await new ShopRepository(em).lock(actor.shopId);
      const categories = new CategoryRepository(em);
      const category = await findLocked(categories, actor.shopId, ref);
      if (changes.parent !== undefined) {
        const parent = changes.parent && (await findCategory(categories, actor.shopId, changes.parent, 'parent'));
        if (parent && (await categories.isWithin(actor.shopId, parent.id, category.id))) {
          throw new InvalidError('A category cannot be moved beneath itself.', ['parent']);
        }
        category.parent = parent;
      }
      category.name = name ?? category.name;
      category.code = code ?? category.code;
      category.updatedAt = this.clock.now();
      return category;
    });
  }

  /** Gives the category as it was. Refuses (IN_USE) one with categories beneath it or items in it, archived ones too; NOT_FOUND. */
  delete(actor: Actor, ref: RowRef): Promise<Category> {
    return this.work.run(actor, async ({ em }) => {
      const categories = new CategoryRepository(em);
      const category = await findLocked(categories, actor.shopId, ref);
      const { children, items } = await categories.contents(actor.shopId, category.id);
      if (children > 0) throw new InUseError('There are categories beneath it: move or delete those first.', ['id']);
      if (items > 0) throw new InUseError('There are items in it, perhaps archived ones: move those first.', ['id']);
      categories.remove(category);
      return category;
    });
  }
}

async function findLocked(categories: CategoryRepository, shopId: string, { id }: RowRef): Promise<Category> {
  const category = id === undefined ? undefined : await categories.findForUpdate(shopId, id);
  if (!category) throw noSuchCategory('id');
  return category;
}

/** Refuses (NOT_FOUND, at `field`) what is no category of the shop. */
export async function findCategory(
  categories: CategoryRepository,
  shopId: string,
  { id }: RowRef,
  field: string,
): Promise<Category> {
  const category = id === undefined ? undefined : await categories.find(shopId, id);
  if (!category) throw noSuchCategory(field);
  return category;
}

function noSuchCategory(field: string): NotFoundError {
  return new NotFoundError('The shop has no such category.', [field]);
}
