import 'reflect-metadata';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { mutationPayload } from '../../graphql/user-error.schema.js';
import { DEFAULT_PAGE_SIZE, type Connection } from '../../platform/paging.js';
import { refOf, requireActor } from '../access/index.js';
import { StockLevelType, type StockLevel } from '../stock/index.js';
import type { AlertsContext } from './alerts.context.js';
import type { StockAlert } from './stock-alert.entity.js';
import { StockAlertConnection, StockAlertPayload, StockAlertType } from './stock-alert.schema.js';

@Resolver(() => StockAlertType)
export class StockAlertResolver {
  @Query(() => StockAlertConnection, {
    description: 'Newest first. open: true for those whose cause lasts, false for those whose cause is gone, null for both.',
  })
  stockAlerts(
    @Arg('open', () => Boolean, { nullable: true, defaultValue: true }) open: boolean | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: AlertsContext,
  ): Promise<Connection<StockAlert>> {
    return ctx.alerts.reader.page(open, { first, after });
  }

  @Mutation(() => StockAlertPayload, {
    description: 'Notes who has seen it. Whoever was first stays: a second time changes nothing.',
  })
  stockAlertAcknowledge(@Arg('id', () => ID) id: string, @Ctx() ctx: AlertsContext) {
    return mutationPayload(async () => ({
      alert: await ctx.alerts.service.acknowledge(requireActor(ctx), refOf('StockAlert', id)),
    }));
  }

  @FieldResolver(() => StockLevelType)
  level(@Root() alert: StockAlert, @Ctx() ctx: AlertsContext): Promise<StockLevel | undefined> {
    return ctx.stock.reader.level(alert.level.id);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Name of the person or API key that acknowledged it.' })
  async acknowledgedBy(@Root() { acknowledgedBy }: StockAlert, @Ctx() ctx: AlertsContext): Promise<string | undefined> {
    return acknowledgedBy ? (await ctx.access.reader.principal(acknowledgedBy.id))?.name : undefined;
  }
}

/** What this room knows of a level. */
@Resolver(() => StockLevelType)
export class StockLevelAlertsResolver {
  @FieldResolver(() => [StockAlertType], { description: 'Those that are open, newest first.' })
  alerts(@Root() level: StockLevel, @Ctx() ctx: AlertsContext): Promise<readonly StockAlert[]> {
    return ctx.alerts.reader.openOf(level.id);
  }
}
