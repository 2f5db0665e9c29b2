import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../../../src/app.js';
import type { Actor } from '../../../src/features/access/index.js';
import { hasCause } from '../../../src/features/alerts/alert-edges.js';
import { ALERT_KINDS } from '../../../src/features/alerts/index.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { arrayLiteral } from '../../../src/platform/sql.js';
import { graphqlClient, type GraphQLClient } from '../../support/graphql-client.js';

export const POINT = 10;
const ABOVE = 14;
const ACTS_AT_ONCE = 20;
/** Of so many acts one fills up again, so that levels pass their points more than once. */
const ONE_FILLS_OF = 8;
const FILL = 3;
/** Of so many, one passes the point and comes back within its batch. */
const ONE_DIPS_OF = 10;
const DIP = 6;

/** A shop of items that all have one reorder point, at one location, and clients of its server. */
export interface Traffic {
  readonly actor: Actor;
  readonly shopId: string;
  readonly location: string;
  readonly category: string;
  readonly items: readonly string[];
  readonly clients: readonly GraphQLClient[];
}

const RULES = `mutation ($input: ReorderRulesInput!) { reorderRulesSet(input: $input) { count userErrors { message } } }`;
const RULE = `mutation ($input: ReorderRuleInput!) { reorderRuleSet(input: $input) { userErrors { message } } }`;
const POST = `mutation ($input: StockPostInput!) { stockPost(input: $input) { userErrors { message } } }`;

/** All points above which there is stock, set in one act. `url`: where the app listens. */
export async function openTraffic(
  app: App,
  url: string,
  { points, clients }: { points: number; clients: number },
): Promise<Traffic> {
  const { shops, categories, items, movements } = app.services;
  const { actor, secret, location } = await shops.create({ name: 'Traffic', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  const category = await categories.create(actor, { code: 'ALL', name: 'All' });
  const made: string[] = [];
  for (let n = 0; n < points; n += ACTS_AT_ONCE) {
    const names = Array.from({ length: Math.min(ACTS_AT_ONCE, points - n) }, (_, index) => `T-${String(n + index)}`);
    const batch = await Promise.all(names.map((sku) => items.create(actor, { sku, name: sku, category })));
    const receipts = batch.map(({ id }) => {
      const key = { scope: 'STOCK', key: newId() } as const;
      return { type: 'MOVE', kind: 'RECEIPT', key, item: { id }, location, quantity: quantity(ABOVE) } as const;
    });
    await movements.post(actor, receipts);
    made.push(...batch.map(({ id }) => toGlobalId('StockItem', id)));
  }
  const traffic = {
    ...{ actor, shopId: actor.shopId, items: made },
    ...{ location: toGlobalId('Location', location.id), category: toGlobalId('Category', category.id) },
    clients: Array.from({ length: clients }, () => graphqlClient(url, secret)),
  };
  const { location: at, category: all } = traffic;
  const input = { category: all, location: at, reorderPoint: POINT, reorderQuantity: POINT };
  const [first] = traffic.clients;
  const set = await first?.<{ reorderRulesSet: { count: number } }>(RULES, { input });
  if (set?.reorderRulesSet.count !== points) throw new Error(`Rules were set of ${String(set?.reorderRulesSet.count)} levels.`);
  return traffic;
}

/** Each client sells every item out, in an order and in batches of its own, and fills up now and then. Gives the number of acts. */
export async function sellOut({ clients, items, location }: Traffic): Promise<number> {
  const rounds = Math.ceil(ABOVE / clients.length) + 1;
  const sent = await Promise.all(
    clients.map(async (client) => {
      let acts = 0;
      for (const batch of Array.from({ length: rounds }, () => batches(shuffled(items))).flat()) {
        const each = batch.flatMap((id) =>
          Math.random() * ONE_DIPS_OF < 1
            ? [act('sale', { id, location, quantity: DIP }), act('receive', { id, location, quantity: DIP })]
            : [saleOrFill({ id, location }, Math.random() * ONE_FILLS_OF < 1)],
        );
        await client(POST, { input: { acts: each, atomic: false } });
        acts += each.length;
      }
      return acts;
    }),
  );
  return sent.reduce((sum, each) => sum + each, 0);
}

/** Each client sells, fills up and sets points at once. */
export async function sellUnderChangingRules({ clients, items, location }: Traffic): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      for (const batch of batches(shuffled(items))) {
        const acts = batch.map((id) => saleOrFill({ id, location }, Math.random() * 2 < 1));
        const [stockItem] = shuffled(batch);
        const input = { stockItem, location, reorderPoint: Math.floor(Math.random() * POINT), reorderQuantity: POINT };
        await Promise.all([client(POST, { input: { acts, atomic: false } }), client(RULE, { input })]);
      }
    }),
  );
}

interface Move {
  readonly id: string;
  readonly location: string;
  readonly quantity: number;
}

function act(field: 'sale' | 'receive', { id, location, quantity: moved }: Move): object {
  return { [field]: { key: newId(), stockItem: { id }, location, quantity: moved } };
}

function saleOrFill(at: Omit<Move, 'quantity'>, fills: boolean): object {
  return fills ? act('receive', { ...at, quantity: FILL }) : act('sale', { ...at, quantity: 1 });
}

function batches(items: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(items.length / ACTS_AT_ONCE) }, (_, n) =>
    items.slice(n * ACTS_AT_ONCE, (n + 1) * ACTS_AT_ONCE),
  );
}

function shuffled(items: readonly string[]): string[] {
  return items
    .map((id) => [Math.random(), id] as const)
    .sort(([a], [b]) => a - b)
    .map(([, id]) => id);
}

interface LevelRow {
  readonly id: string;
  readonly onHand: string;
  readonly reorderPoint: string;
  /** What was on hand after each line of the ledger, in its order. */
  readonly balances: readonly string[];
}

interface AlertCount {
  readonly levelId: string;
  readonly kind: string;
  readonly all: number;
  readonly open: number;
}

export interface Judgement {
  readonly levels: number;
  /** Alerts that were opened, by the database. */
  readonly opened: number;
  readonly open: number;
  readonly faults: readonly string[];
}

/**
 * Holds the alerts against the ledger, replayed line by line. `rulesStand`: no rule has changed since the levels were above their points, so
 * that there must be as many alerts as the ledger has dips; otherwise only what is open now is judged.
 */
export async function judge(em: EntityManager, shopId: string, { rulesStand }: { rulesStand: boolean }): Promise<Judgement> {
  const levels = await em.execute<LevelRow[]>(
    `select l.id, l.on_hand::text as "onHand", l.reorder_point::text as "reorderPoint",
       array(select m.balance_after::text from stock_movement m where m.shop_id = l.shop_id and m.level_id = l.id order by m.level_version) as balances
     from stock_level l where l.shop_id = ?`,
    [shopId],
  );
  const counts = await em.execute<AlertCount[]>(
    `select level_id as "levelId", kind, count(*)::int as "all", (count(*) filter (where resolved_at is null))::int as open
     from stock_alert where shop_id = ? and level_id = any(?::uuid[]) group by level_id, kind`,
    [shopId, arrayLiteral(levels.map(({ id }) => id))],
  );
  const found = new Map(counts.map((count) => [`${count.levelId} ${count.kind}`, count]));
  const faults = levels.flatMap((level) =>
    ALERT_KINDS.flatMap((kind) => {
      const causes = level.balances.map((balance) =>
        hasCause(kind, { available: quantity(balance), reorderPoint: quantity(level.reorderPoint) }),
      );
      const dips = causes.filter((is, index) => is && index > 0 && !causes[index - 1]).length;
      const { all = 0, open = 0 } = found.get(`${level.id} ${kind}`) ?? {};
      const shouldBeOpen = causes.at(-1) ? 1 : 0;
      const isRight = open === shouldBeOpen && (!rulesStand || all === dips);
      const expected = `${String(shouldBeOpen)} open${rulesStand ? ` of ${String(dips)}` : ''}`;
      return isRight ? [] : [`${kind} of level ${level.id}: ${String(open)} open of ${String(all)}, not ${expected}`];
    }),
  );
  const sum = (of: (count: AlertCount) => number): number => counts.reduce((total, count) => total + of(count), 0);
  return { levels: levels.length, opened: sum(({ all }) => all), open: sum(({ open }) => open), faults };
}
