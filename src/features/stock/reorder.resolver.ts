import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { filterId } from '../../graphql/global-id.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import type { Quantity } from '../../kernel/quantity.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { LocationType, refOf, requireActor, type Location } from '../access/index.js';
import type { LowLevel } from './level-list.reader.js';
import { quantityToOrder } from './reorder-quantity.js';
import {
  ReorderRuleInput,
  ReorderRulePayload,
  ReorderRulesInput,
  ReorderRulesPayload,
  ReorderRuleType,
  ReorderSuggestionConnection,
  ReorderSuggestionType,
} from './reorder.schema.js';
import type { StockLevel } from './stock-level.entity.js';
import type { StockContext } from './stock.context.js';
import { StockLevelType } from './stock.schema.js';

/** A level's rule, and how it comes to it. */
@Resolver(() => StockLevelType)
export class StockLevelRuleResolver {
  @FieldResolver(() => ReorderRuleType, { nullable: true })
  reorderRule(@Root() level: StockLevel): StockLevel | undefined {
    return level.reorderPoint ? level : undefined;
  }

  @Mutation(() => ReorderRulePayload, { description: 'In place of any rule that the level has.' })
  reorderRuleSet(@Arg('input', () => ReorderRuleInput) input: ReorderRuleInput, @Ctx() ctx: StockContext) {
    const { stockItem, location, ...rule } = input;
    const place = { stockItem: refOf('StockItem', stockItem), location: refOf('Location', location) };
    return mutationPayload(async () => ({ level: await ctx.stock.rules.set(requireActor(ctx), place, rule) }));
  }

  @Mutation(() => ReorderRulesPayload, {
    description: 'One rule for all items in a category and beneath it, 2,000 at most: all of them or none.',
  })
  reorderRulesSet(@Arg('input', () => ReorderRulesInput) input: ReorderRulesInput, @Ctx() ctx: StockContext) {
    const { category, location, ...rule } = input;
    const place = { category: refOf('Category', category), location: refOf('Location', location) };
    const set = async () => ({ count: await ctx.stock.rules.setOfCategory(requireActor(ctx), place, rule) });
    return mutationPayload(set, { count: 0 });
  }

  @Mutation(() => ReorderRulePayload, { description: 'Of a level without a rule: changes nothing.' })
  reorderRuleRemove(
    @Arg('stockItem', () => ID) stockItem: string,
    @Arg('location', () => ID) location: string,
    @Ctx() ctx: StockContext,
  ) {
    const place = { stockItem: refOf('StockItem', stockItem), location: refOf('Location', location) };
    return mutationPayload(async () => ({ level: await ctx.stock.rules.remove(requireActor(ctx), place) }));
  }
}

@Resolver(() => ReorderRuleType)
export class ReorderRuleResolver {
  @FieldResolver(() => LocationType)
  location(@Root() level: StockLevel, @Ctx() ctx: StockContext): Promise<Location | undefined> {
    return ctx.access.reader.location(level.location.id);
  }
}

@Resolver(() => ReorderSuggestionType)
export class ReorderSuggestionResolver {
  @Query(() => ReorderSuggestionConnection, {
    description: 'What is to be bought: levels at or below their reorder point, archived items and locations apart.',
  })
  reorderSuggestions(
    @Arg('location', () => ID, { nullable: true }) location: string | null,
    @Arg('category', () => ID, { nullable: true, description: 'Of items in it and beneath it.' }) category: string | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: StockContext,
  ): Promise<Connection<LowLevel>> {
    const criteria = { location: filterId('Location', location), category: filterId('Category', category) };
    return ctx.stock.reader.levels.suggestions(criteria, { first, after });
  }

  @FieldResolver(() => StockLevelType)
  level(@Root() level: LowLevel): LowLevel {
    return level;
  }

  @FieldResolver(() => DecimalScalar)
  available(@Root() level: LowLevel): Quantity {
    return level.onHand;
  }

  @FieldResolver(() => DecimalScalar, {
    description: "The fewest multiples of the rule's reorderQuantity that lift the level above its point.",
  })
  quantity(@Root() level: LowLevel): Quantity {
    return quantityToOrder(level);
  }
}
