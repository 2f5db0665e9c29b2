import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { graphqlClient } from '../support/graphql-client.js';
import { RestartingServer } from '../support/restarting-server.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';
import { Receiver } from './receiver.js';

/** Where a process dies, by what is between it and the far side. */
export const PLACES = {
  'between commit and send': {
    'outbox.committed': 0.2,
    'outbox.claimed.webhooks.fan-out': 0.2,
    'outbox.claimed.webhooks.send': 0.2,
  },
  'between send and mark': { 'webhook.sent': 0.3, 'outbox.sent.webhooks.fan-out': 0.1, 'outbox.sent.webhooks.send': 0.2 },
} as const satisfies Record<string, Record<string, number>>;
export type PlaceName = keyof typeof PLACES;
export const PLACE_NAMES = Object.keys(PLACES) as PlaceName[];

export interface Verdict {
  readonly place: PlaceName;
  readonly kills: number;
  /** Acknowledged movements. */
  readonly movements: number;
  /** Those of which the far side was never told. */
  readonly missing: number;
  readonly duplicates: number;
  /** Told of more than once, under different ids. */
  readonly otherIds: number;
  /** The longest from an acknowledgement to the first word of it at the far side, and from a first word to a repeated one. */
  readonly slowestMs: number;
  /** Jobs that were set aside. */
  readonly setAside: number;
}

/** They die; one more lives on and takes over what they held. */
const DYING = 2;
const CLIENTS = 4;
const OPENING = 1_000_000;
const PATIENCE_MS = 90_000;
const PAUSE_MS = 20;
/** Between two sales of a client: it is not asked how many a machine can tell of in a second. */
const SELL_EVERY_MS = 250;

export interface CheckerOptions {
  readonly databaseUrl: string;
  readonly em: EntityManager;
  readonly scratchDir: string;
}

interface Servers {
  readonly dying: readonly RestartingServer[];
  readonly living: RestartingServer;
}

/** Servers that die at one place over and over, clients that sell meanwhile, and a far side that is to hear of every sale. */
export class OutboxChecker {
  private readonly acknowledged = new Map<string, number>();
  private isSelling = false;

  private constructor(
    private readonly em: EntityManager,
    private readonly servers: Servers,
    private readonly receiver: Receiver,
    private readonly shop: ShopFixture,
  ) {}

  static async open({ databaseUrl, em, scratchDir }: CheckerOptions): Promise<OutboxChecker> {
    const receiver = await Receiver.open();
    const env = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', WEBHOOK_ALLOW_HOSTS: '127.0.0.1' };
    const newServer = (): RestartingServer => new RestartingServer(join(scratchDir, `outbox-${randomUUID()}`), env);
    const shop = await createShop(em, { items: CLIENTS });
    const checker = new OutboxChecker(
      em,
      { dying: Array.from({ length: DYING }, newServer), living: newServer() },
      receiver,
      shop,
    );
    await checker.prepare();
    return checker;
  }

  /** Lets processes die at this place until so many have, and waits until the far side was told of everything. */
  async run(place: PlaceName, kills: number): Promise<Verdict> {
    this.acknowledged.clear();
    this.receiver.arrivals.clear();
    const failpoints = Object.entries(PLACES[place]).map(([name, share]) => `${name}=${String(share)}`);
    let left = kills;
    const die = async (server: RestartingServer): Promise<void> => {
      while (left > 0) {
        await server.start({ FAILPOINTS: failpoints.join(',') });
        const enough = new AbortController();
        const isOver = async (): Promise<void> => {
          while (left > 0 && !enough.signal.aborted) await sleep(PAUSE_MS);
        };
        const hasDied = await Promise.race([server.ended.then(() => true), isOver().then(() => false)]);
        enough.abort();
        if (hasDied) left -= 1;
        await server.kill();
      }
    };
    this.isSelling = true;
    const clients = this.shop.items.map((item) => this.sell(toGlobalId('StockItem', item.id)));
    await Promise.all(this.servers.dying.map(die));
    this.isSelling = false;
    await Promise.all(clients);
    await this.untilDone();
    return { place, kills: kills - left, ...this.tally(), setAside: await this.count('set_aside_at is not null') };
  }

  get output(): string {
    return [...this.servers.dying, this.servers.living].map(({ output }) => output).join('');
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.dying, this.servers.living].map((server) => server.kill()));
    await this.receiver.close();
  }

  private async prepare(): Promise<void> {
    await this.servers.living.start();
    const client = graphqlClient(this.servers.living.url, this.shop.secret);
    for (const { id } of this.shop.items) {
      const input = { key: randomUUID(), stockItem: { id: toGlobalId('StockItem', id) }, quantity: OPENING };
      await client('mutation ($input: StockInput!) { stockReceive(input: $input) { userErrors { message } } }', { input });
    }
    const made = await client<{ webhookEndpointCreate: { userErrors: object[] } }>(
      'mutation ($input: WebhookEndpointInput!) { webhookEndpointCreate(input: $input) { userErrors { message } } }',
      { input: { url: this.receiver.url, kinds: ['MOVEMENT'] } },
    );
    if (made.webhookEndpointCreate.userErrors.length > 0) throw new Error(JSON.stringify(made));
  }

  /** One after the other, at those that die; what was not answered is sent again under its key until somebody answers. */
  private async sell(stockItem: string): Promise<void> {
    const operation = `mutation ($input: StockInput!) { stockIssue(input: $input, kind: SALE) { movement { id } userErrors { message } } }`;
    for (let turn = 0; this.isSelling; turn = (turn + 1) % DYING) {
      const input = { key: randomUUID(), stockItem: { id: stockItem }, quantity: 1 };
      for (let tries = 0; ; tries += 1) {
        // The one that lives is asked only by who has found nobody else.
        const { url } = this.servers.dying[(turn + tries) % (DYING + 1)] ?? this.servers.living;
        try {
          const reply = await graphqlClient(url, this.shop.secret)<{ stockIssue: { movement: { id: string } } }>(operation, {
            input,
          });
          this.acknowledged.set(reply.stockIssue.movement.id, Date.now());
          break;
        } catch {
          await sleep(PAUSE_MS);
        }
      }
      await sleep(SELL_EVERY_MS);
    }
  }

  private async untilDone(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while ((await this.count("key is distinct from 'recurring' and set_aside_at is null")) > 0) {
      if (Date.now() > deadline) return;
      await sleep(PAUSE_MS * 5);
    }
  }

  private async count(where: string): Promise<number> {
    const [row] = await this.em
      .fork()
      .execute<{ count: number }[]>(`select count(*)::int as count from outbox_job where ${where}`);
    return row?.count ?? 0;
  }

  private tally(): Pick<Verdict, 'movements' | 'missing' | 'duplicates' | 'otherIds' | 'slowestMs'> {
    const told = [...this.acknowledged].map(([id, atMs]) => ({ atMs, arrivals: this.receiver.arrivals.get(id) ?? [] }));
    const waits = told.flatMap(({ atMs, arrivals }) => {
      const times = [atMs, ...arrivals.map((arrival) => arrival.atMs)];
      return times.slice(1).map((time, index) => time - (times[index] ?? time));
    });
    return {
      movements: told.length,
      missing: told.filter(({ arrivals }) => arrivals.length === 0).length,
      duplicates: told.reduce((sum, { arrivals }) => sum + Math.max(0, arrivals.length - 1), 0),
      otherIds: told.filter(({ arrivals }) => new Set(arrivals.map(({ id }) => id)).size > 1).length,
      slowestMs: Math.max(0, ...waits),
    };
  }
}
