import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Arg, Int, Resolver, Root, Subscription } from 'type-graphql';
import { quantity } from '../../src/kernel/quantity.js';
import { buildStockroomSchema } from '../../src/transport/build-schema.js';
import type { HttpServerOptions } from '../../src/transport/http-server.js';
import { startSmallShop } from './small-shop-server.js';
import { SMALL_RULES, SmallShopResolver, StockItem, StockItemType } from './small-shop.js';

/** What one server's subscriptions have been asked for. */
export interface Told {
  ticks: number;
}

export interface TickingServer {
  readonly url: string;
  readonly told: Told;
  logs(): string;
  close(): Promise<void>;
}

function tickResolver(told: Told) {
  @Resolver()
  class TickResolver {
    @Subscription(() => StockItemType, {
      subscribe: async function* ({ args }: { args: { times: number; pauseMs: number } }) {
        for (let tick = 1; tick <= args.times; tick += 1) {
          if (args.pauseMs > 0) await sleep(args.pauseMs);
          told.ticks += 1;
          yield new StockItem(`tick-${String(tick)}`, `Tick ${String(tick)}`, quantity(tick));
        }
        throw new Error('secret of the database');
      },
    })
    ticks(
      @Root() item: StockItem,
      @Arg('times', () => Int) times: number,
      @Arg('pauseMs', () => Int, { defaultValue: 0 }) pauseMs: number,
    ): StockItem {
      return times > 0 && pauseMs >= 0 ? item : new StockItem('none', 'None', quantity(0));
    }
  }
  return TickResolver;
}

/** Listens on a free port, with a subscription that tells of so many ticks, as fast as it is asked, and then fails. */
export async function startTicking(options: Partial<HttpServerOptions> = {}): Promise<TickingServer> {
  const told = { ticks: 0 };
  const rules = { ...SMALL_RULES, Subscription: { ticks: 'read' as const } };
  const schema = buildStockroomSchema([SmallShopResolver, tickResolver(told)], rules);
  const { server, logs } = await startSmallShop({ schema, ...options });
  const { url } = await server.listen();
  return { url, told, logs, close: () => server.close() };
}
