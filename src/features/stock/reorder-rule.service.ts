import type { Clock } from '../../kernel/clock.js';
import { InvalidError, NotFoundError } from '../../kernel/errors.js';
import type { Quantity } from '../../kernel/quantity.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { LocationRepository, type Actor, type Location, type RowRef } from '../access/index.js';
import { StockItemRepository, type StockItem } from '../catalog/index.js';
import { findCategoryTree } from './category-tree.reader.js';
import { courseOf, stateOf } from './level-course.js';
import { UNWATCHED, type LevelWatch } from './level-watch.port.js';
import type { Place } from './place.js';
import { ReorderRuleRepository } from './reorder-rule.repository.js';
import type { ReorderRule, StockLevel } from './stock-level.entity.js';
import { StockLevelRepository } from './stock-level.repository.js';
import { levelsStamp } from './stock-stamps.js';

/** Levels whose rule one act may set: so long do movements at that location wait. */
export const MAX_RULES_AT_ONCE = 2_000;
export const MAX_LEAD_TIME_DAYS = 3_650;
const NO_CATEGORIES = '{}';

/** leadTimeDays absent or null: nobody knows. */
export interface RuleDraft {
  readonly reorderPoint: Quantity;
  readonly reorderQuantity: Quantity;
  readonly leadTimeDays?: number | null | undefined;
}

export interface RulePlace {
  readonly stockItem: RowRef;
  readonly location: RowRef;
}

/** When a level is low, and how much is bought then. Each act is a transaction of its own, under the levels' locks. */
export class ReorderRuleService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly watch: LevelWatch = UNWATCHED,
  ) {}

  /**
   * Gives a level a rule, in place of any other; a level that is missing is made at zero. Refuses (INVALID) a point below 0, a quantity that is
   * not more than 0, days outside 0…MAX_LEAD_TIME_DAYS, what is archived; NOT_FOUND.
   */
  set(actor: Actor, at: RulePlace, draft: RuleDraft): Promise<StockLevel> {
    const rule = checkRule(draft);
    return this.work.run(actor, async (transaction) => {
      const item = await findItem(transaction, actor, at.stockItem);
      if (item.archivedAt) throw new InvalidError(`${item.name} is archived: nobody buys it again.`, ['stockItem']);
      const location = await findLocation(transaction, actor, at.location);
      refuseArchived(location);
      const [level] = await this.apply(transaction, actor, [{ stockItemId: item.id, locationId: location.id }], rule);
      if (!level) throw new Error('A level is missing that was just added.');
      return level;
    });
  }

  /**
   * Gives one rule to all items in use in a category and beneath it, at one location, and says how many those are. Refuses what `set` refuses, and
   * (INVALID) more than MAX_RULES_AT_ONCE items: then nothing is set.
   */
  setOfCategory(actor: Actor, at: { readonly category: RowRef; readonly location: RowRef }, draft: RuleDraft): Promise<number> {
    const rule = checkRule(draft);
    return this.work.run(actor, async (transaction) => {
      const { em } = transaction;
      const categories = at.category.id && (await findCategoryTree(em, actor.shopId, at.category.id));
      if (!categories || categories === NO_CATEGORIES) throw new NotFoundError('The shop has no such category.', ['category']);
      const location = await findLocation(transaction, actor, at.location);
      refuseArchived(location);
      const ids = await new ReorderRuleRepository(em).findItemsIn(actor.shopId, categories, MAX_RULES_AT_ONCE + 1);
      if (ids.length > MAX_RULES_AT_ONCE) throw tooMany();
      const places = ids.map((stockItemId) => ({ stockItemId, locationId: location.id }));
      return (await this.apply(transaction, actor, places, rule)).length;
    });
  }

  /** Takes a level's rule away; one that has none, or is not there, stays as it is. Refuses NOT_FOUND. */
  remove(actor: Actor, at: RulePlace): Promise<StockLevel | undefined> {
    return this.work.run(actor, async (transaction) => {
      const item = await findItem(transaction, actor, at.stockItem);
      const location = await findLocation(transaction, actor, at.location);
      const [level] = await this.apply(transaction, actor, [{ stockItemId: item.id, locationId: location.id }], null);
      return level;
    });
  }

  /** As a posting does: adds what is missing before any lock is taken, locks in everybody's order, looks at the location, changes, tells. */
  private async apply(
    transaction: Transaction,
    actor: Actor,
    places: readonly Place[],
    rule: ReorderRule | null,
  ): Promise<StockLevel[]> {
    const levels = new StockLevelRepository(transaction.em);
    const locationIds = [...new Set(places.map(({ locationId }) => locationId))];
    for (const { stockItemId } of places) transaction.touch(levelsStamp(actor.shopId, stockItemId));
    if (rule) await levels.createMissing(actor.shopId, places);
    const locked = [...(await levels.lock(actor.shopId, places)).values()];
    // A location is archived under the locks of its levels: so this sees it, though the location was seen before.
    if (rule)
      for (const location of (await levels.readRules(actor.shopId, locationIds)).locations.values()) refuseArchived(location);
    const now = this.clock.now();
    const courses = locked.flatMap((level) => {
      const { onHand, reorderPoint, version } = level;
      const hasChanged = level.setReorderRule(rule, now);
      return hasChanged ? [courseOf(level.id, { onHand, reorderPoint, version }, [stateOf(level)])] : [];
    });
    await this.watch.follow(transaction, actor, courses, now);
    return locked;
  }
}

function checkRule({ reorderPoint, reorderQuantity, leadTimeDays = null }: RuleDraft): ReorderRule {
  if (reorderPoint.lt(0)) throw new InvalidError('A reorder point is 0 or more.', ['reorderPoint']);
  if (reorderQuantity.lte(0)) throw new InvalidError('What is bought at once is more than 0.', ['reorderQuantity']);
  if (leadTimeDays !== null && (leadTimeDays < 0 || leadTimeDays > MAX_LEAD_TIME_DAYS)) {
    throw new InvalidError(`The days to delivery are from 0 to ${String(MAX_LEAD_TIME_DAYS)}.`, ['leadTimeDays']);
  }
  return { point: reorderPoint, quantity: reorderQuantity, leadTimeDays };
}

async function findItem({ em }: Transaction, { shopId }: Actor, ref: RowRef): Promise<StockItem> {
  const [item] = await new StockItemRepository(em).findByRefs(shopId, [{ id: ref.id }]);
  if (!item) throw new NotFoundError('The shop has no such item.', ['stockItem']);
  return item;
}

async function findLocation({ em }: Transaction, { shopId }: Actor, { id }: RowRef): Promise<Location> {
  const location = id === undefined ? undefined : await new LocationRepository(em).find(shopId, id);
  if (!location) throw new NotFoundError('The shop has no such location.', ['location']);
  return location;
}

function refuseArchived({ name, archivedAt }: Location): void {
  if (archivedAt) throw new InvalidError(`${name} is archived: use another location.`, ['location']);
}

function tooMany(): InvalidError {
  const limit = String(MAX_RULES_AT_ONCE);
  return new InvalidError(`There are more than ${limit} items in it: set the rule for the categories beneath it, one by one.`, [
    'category',
  ]);
}
