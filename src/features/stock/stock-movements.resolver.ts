import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { filterId } from '../../graphql/global-id.js';
import { LocationType, type Location } from '../access/index.js';
import { StockItemType, type StockItem } from '../catalog/index.js';
import { StockMovementFilter } from './stock-input.schema.js';
import type { StockMovement } from './stock-movement.entity.js';
import type { StockContext } from './stock.context.js';
import { StockMovementConnection, StockMovementType } from './stock.schema.js';

@Resolver(() => StockMovementType)
export class StockMovementResolver {
  @Query(() => StockMovementConnection, { description: 'Newest first.' })
  stockMovements(
    @Arg('filter', () => StockMovementFilter, { nullable: true }) filter: StockMovementFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: StockContext,
  ): Promise<Connection<StockMovement>> {
    const { stockItem, location, kind, from, to } = filter ?? new StockMovementFilter();
    const ids = { stockItem: filterId('StockItem', stockItem), location: filterId('Location', location) };
    return ctx.stock.reader.movements.page({ ...ids, kind, from, to }, { first, after });
  }

  @FieldResolver(() => StockItemType)
  stockItem(@Root() movement: StockMovement, @Ctx() ctx: StockContext): Promise<StockItem | undefined> {
    return ctx.catalog.reader.item(movement.stockItem.id);
  }

  @FieldResolver(() => LocationType)
  location(@Root() movement: StockMovement, @Ctx() ctx: StockContext): Promise<Location | undefined> {
    return ctx.access.reader.location(movement.location.id);
  }

  @FieldResolver(() => String, { description: 'Name of the API key that posted it.' })
  async actor(@Root() movement: StockMovement, @Ctx() ctx: StockContext): Promise<string | undefined> {
    return (await ctx.access.reader.principal(movement.actor.id))?.name;
  }

  @FieldResolver(() => StockMovementType, { nullable: true })
  async reverses(@Root() movement: StockMovement, @Ctx() ctx: StockContext): Promise<StockMovement | undefined> {
    return movement.reverses ? ctx.stock.reader.movement(movement.reverses.id) : undefined;
  }

  @FieldResolver(() => StockMovementType, { nullable: true })
  reversedBy(@Root() movement: StockMovement, @Ctx() ctx: StockContext): Promise<StockMovement | undefined> {
    return ctx.stock.reader.reversalOfMovement(movement.id);
  }
}
