import 'reflect-metadata';
import { Arg, Ctx, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { filterId } from '../../graphql/global-id.js';
import type { Connection } from '../../platform/paging.js';
import { requireActor } from '../access/index.js';
import { StockAlertType, type StockAlert } from '../alerts/index.js';
import { StockMovementConnection, type StockMovement } from '../stock/index.js';
import type { MovementEvent } from './live-feed.js';
import type { RealtimeContext } from './realtime.context.js';
import { StockMovementEvent } from './realtime.schema.js';

const FEED_PAGE_SIZE = 100;

interface Asked<Args> {
  readonly args: Args;
  readonly context: RealtimeContext;
}

interface MovementArgs {
  readonly location?: string | null;
  readonly stockItem?: string | null;
  readonly after?: string | null;
}

@Resolver()
export class LiveResolver {
  @Query(() => StockMovementConnection, {
    description: 'Oldest first, in the order of the stockMovements subscription and with its cursors.',
  })
  async stockMovementFeed(
    @Arg('first', () => Int, { nullable: true, defaultValue: FEED_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { realtime: { reader, live } }: RealtimeContext,
  ): Promise<Connection<StockMovement>> {
    return reader.page({ first: first ?? FEED_PAGE_SIZE, after }, await live.upTo());
  }

  @Subscription(() => StockMovementEvent, {
    description:
      "Every committed movement, none skipped, each level's in its own order; from `after` (a cursor) on, from now on without it.",
    subscribe: ({ args, context }: Asked<MovementArgs>) => {
      const place = { location: filterId('Location', args.location), stockItem: filterId('StockItem', args.stockItem) };
      return context.realtime.live.movements(requireActor(context).shopId, place, args.after ?? undefined);
    },
  })
  /* eslint-disable @typescript-eslint/no-unused-vars -- `subscribe` reads them; here they are declared for the schema */
  stockMovements(
    @Root() event: MovementEvent,
    @Arg('location', () => ID, { nullable: true }) _location: string | null,
    @Arg('stockItem', () => ID, { nullable: true }) _stockItem: string | null,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
    /* eslint-enable @typescript-eslint/no-unused-vars */
  ): MovementEvent {
    return event;
  }

  @Subscription(() => StockAlertType, {
    description: 'Each alert when it opens, from now on.',
    subscribe: ({ context }: Asked<unknown>) => context.realtime.live.alerts(requireActor(context).shopId),
  })
  stockAlerts(@Root() alert: StockAlert): StockAlert {
    return alert;
  }
}
