import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Quantity } from '../../kernel/quantity.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { filterId, idOf } from '../../graphql/global-id.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import { LocationType, type Location } from '../access/index.js';
import { StockItemConnection, StockItemType, type StockItem } from '../catalog/index.js';
import type { StockItemSort } from './item-list.reader.js';
import { StockItemFilter, StockItemSortEnum, StockLevelFilter } from './stock-input.schema.js';
import type { StockLevel } from './stock-level.entity.js';
import type { StockMovement } from './stock-movement.entity.js';
import type { StockContext } from './stock.context.js';
import { StockLevelConnection, StockLevelType, StockMovementConnection } from './stock.schema.js';

/** What the stock room knows of an item. */
@Resolver(() => StockItemType)
export class StockItemStockResolver {
  @Query(() => StockItemConnection)
  stockItems(
    @Arg('filter', () => StockItemFilter, { nullable: true }) filter: StockItemFilter | null,
    @Arg('sort', () => StockItemSortEnum, { nullable: true, defaultValue: 'SKU' }) sort: StockItemSort | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: StockContext,
  ): Promise<Connection<StockItem>> {
    const { search, category, location, low, archived = false } = filter ?? new StockItemFilter();
    const within = { category: filterId('Category', category), location: filterId('Location', location) };
    const criteria = { search, ...within, low, archived };
    return ctx.stock.reader.items.page(criteria, sort ?? 'SKU', { first, after });
  }

  @FieldResolver(() => DecimalScalar, { description: "Sum over the shop's locations, now." })
  onHand(@Root() item: StockItem, @Ctx() ctx: StockContext): Promise<Quantity> {
    return ctx.stock.reader.onHandOf(item.id);
  }

  @FieldResolver(() => DecimalScalar)
  available(@Root() item: StockItem, @Ctx() ctx: StockContext): Promise<Quantity> {
    return ctx.stock.reader.onHandOf(item.id);
  }

  @FieldResolver(() => [StockLevelType])
  levels(@Root() item: StockItem, @Ctx() ctx: StockContext): Promise<readonly StockLevel[]> {
    return ctx.stock.reader.levelsOf(item.id);
  }

  @FieldResolver(() => StockLevelType, { nullable: true })
  async level(
    @Root() item: StockItem,
    @Arg('location', () => ID) location: string,
    @Ctx() ctx: StockContext,
  ): Promise<StockLevel | undefined> {
    const locationId = idOf('Location', location);
    return locationId === undefined ? undefined : ctx.stock.reader.levelAt({ stockItemId: item.id, locationId });
  }

  @FieldResolver(() => StockMovementConnection)
  stockMovements(
    @Root() item: StockItem,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: StockContext,
  ): Promise<Connection<StockMovement>> {
    return ctx.stock.reader.movements.ofItem(item.id, { first, after });
  }
}

@Resolver(() => StockLevelType)
export class StockLevelResolver {
  @Query(() => StockLevelConnection)
  stockLevels(
    @Arg('filter', () => StockLevelFilter, { nullable: true }) filter: StockLevelFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: StockContext,
  ): Promise<Connection<StockLevel>> {
    const stockItem = filterId('StockItem', filter?.stockItem);
    const location = filterId('Location', filter?.location);
    const category = filterId('Category', filter?.category);
    const { low, negative } = filter ?? new StockLevelFilter();
    return ctx.stock.reader.levels.page({ stockItem, location, category, low, negative }, { first, after });
  }

  @FieldResolver(() => StockItemType)
  stockItem(@Root() level: StockLevel, @Ctx() ctx: StockContext): Promise<StockItem | undefined> {
    return ctx.catalog.reader.item(level.stockItem.id);
  }

  @FieldResolver(() => LocationType)
  location(@Root() level: StockLevel, @Ctx() ctx: StockContext): Promise<Location | undefined> {
    return ctx.access.reader.location(level.location.id);
  }

  @FieldResolver(() => DecimalScalar, { description: 'What can be promised: onHand, as nothing is reserved.' })
  available(@Root() level: StockLevel): Quantity {
    return level.onHand;
  }
}
