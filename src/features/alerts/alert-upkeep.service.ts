import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Task } from '../../platform/outbox/task.js';
import { query } from '../../platform/sql.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { LevelGuardRepository } from '../stock/index.js';
import {
  driftOf,
  FIRST_ID,
  shopsWithOldAlerts,
  sweepAlerts,
  type AlertDriftFinder,
  type LookedAt,
} from './alert-drift.repository.js';
import { alertEvent, type AlertedShop } from './alert-watch.service.js';
import { StockAlertRepository } from './stock-alert.repository.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const LOOK_EVERY_MS = 5 * MINUTE_MS;
/** Longer than the pause between two looks, so that none is lost to a late one, a long transaction or a clock that is behind. */
const LOOK_BACK_MS = 3 * LOOK_EVERY_MS;
const WALK_EVERY_MS = HOUR_MS;
const SWEEP_EVERY_MS = DAY_MS;
const RETENTION_MS = 90 * DAY_MS;
const FIRST_RETRY_MS = MINUTE_MS;

/** Rows that one statement looks at. */
const PAGE = 2_000;
/** Levels that are locked at once, for some milliseconds. */
const LOCKED_AT_ONCE = 50;
const SWEPT_AT_ONCE = 500;

/** How many alerts were opened and resolved. */
export interface Mended {
  readonly opened: number;
  readonly resolved: number;
}

/**
 * Makes alerts agree with levels where somebody has moved stock who knows no alerts: a version of the program from before them, which may run beside this
 * one, or have run before it. Candidates are found without locks, judged again under their levels' locks, and told as any alert is.
 */
export class AlertUpkeep {
  constructor(
    private readonly finder: AlertDriftFinder,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly levels: Pick<LevelGuardRepository, 'lockByIds'>,
  ) {}

  get tasks(): readonly Task[] {
    const recurring = (name: string, everyMs: number, act: (signal: AbortSignal) => Promise<unknown>): Task => ({
      ...{ name, everyMs, concurrency: 1 },
      // Never set aside: it would not recur any more.
      retryInMs: () => FIRST_RETRY_MS,
      run: async (_, signal) => {
        await act(signal);
      },
    });
    return [
      recurring('alerts.look', LOOK_EVERY_MS, (signal) => this.look(signal)),
      recurring('alerts.walk', WALK_EVERY_MS, (signal) => this.walk(signal)),
      recurring('alerts.sweep', SWEEP_EVERY_MS, (signal) => this.sweep(signal)),
    ];
  }

  /** Looks at levels that have moved of late, and at those that something is open of. */
  async look(signal: AbortSignal): Promise<Mended> {
    const since = new Date(this.clock.now().getTime() - LOOK_BACK_MS);
    const moved = await this.mendAll(this.finder.movedSince(since, PAGE), signal);
    return sumOf([moved, await this.mendAll(this.finder.withAlerts(PAGE), signal)]);
  }

  /** Looks at all levels: what was so before there were alerts, and what happened while nobody looked. */
  walk(signal: AbortSignal): Promise<Mended> {
    return this.mendAll(this.finder.all(PAGE), signal);
  }

  /** Deletes alerts that have been over for RETENTION_MS and that nobody was told of, or nobody remembers; gives how many. */
  async sweep(signal: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - RETENTION_MS);
    let total = 0;
    for (const shopId of await this.work.run(EVERY_SHOP, ({ em }) => shopsWithOldAlerts(em, before))) {
      for (let after: string | undefined = FIRST_ID; after !== undefined;) {
        signal.throwIfAborted();
        const from: { shopId: string; after: string } = { shopId, after };
        const { last, count } = await this.work.run(from, ({ em }) => sweepAlerts(em, from, before, SWEPT_AT_ONCE));
        total += count;
        after = last;
      }
    }
    return total;
  }

  private async mendAll(pages: AsyncIterable<LookedAt[]>, signal: AbortSignal): Promise<Mended> {
    const mended: Mended[] = [];
    for await (const page of pages) {
      signal.throwIfAborted();
      const byShop = Map.groupBy(await this.finder.of(page), ({ shopId }) => shopId);
      for (const [shopId, drift] of byShop) {
        const levelIds = [...new Set(drift.map(({ levelId }) => levelId))];
        for (let from = 0; from < levelIds.length; from += LOCKED_AT_ONCE) {
          signal.throwIfAborted();
          mended.push(await this.mend(shopId, levelIds.slice(from, from + LOCKED_AT_ONCE)));
        }
      }
    }
    return sumOf(mended);
  }

  /** Locks these levels of one shop as a posting does, and judges them again. */
  private mend(shopId: string, levelIds: readonly string[]): Promise<Mended> {
    return this.work.run({ shopId }, async (transaction) => {
      const { em } = transaction;
      await this.levels.lockByIds(em, shopId, levelIds);
      const drift = await driftOf(
        em,
        levelIds.map((levelId) => ({ shopId, levelId })),
      );
      if (drift.length === 0) return { opened: 0, resolved: 0 };
      const now = this.clock.now();
      const alerts = new StockAlertRepository(em, shopId);
      const over = drift.filter(({ opens }) => !opens);
      const missing = drift.filter(({ opens }) => opens);
      const added = missing.map(({ levelId, kind }) => ({ id: newId(), levelId, kind, openedAt: now, resolvedAt: null }));
      const resolved = over.length > 0 ? await alerts.resolve(over, now) : [];
      const openedIds = added.length > 0 ? await alerts.open(added) : new Set<string>();
      const opened = added.filter(({ id }) => openedIds.has(id));
      const shop = { shopId, shop: await listenersOf(transaction, shopId) };
      for (const { id, kind } of resolved) transaction.emit(alertEvent(shop, { type: 'alert.resolved', id, kind }));
      for (const { id, kind } of opened) transaction.emit(alertEvent(shop, { type: 'alert.opened', id, kind }));
      return { opened: opened.length, resolved: resolved.length };
    });
  }
}

async function listenersOf({ em }: Transaction, shopId: string): Promise<AlertedShop['shop']> {
  const sql = 'select to_jsonb(webhook_kinds) as kinds, notifies from shop where id = ?';
  const [shop] = await query<{ kinds: string[]; notifies: boolean }>(em, sql, [shopId]);
  return { webhookKinds: shop?.kinds ?? [], notifies: shop?.notifies ?? false };
}

function sumOf(all: readonly Mended[]): Mended {
  return all.reduce((sum, { opened, resolved }) => ({ opened: sum.opened + opened, resolved: sum.resolved + resolved }), {
    opened: 0,
    resolved: 0,
  });
}
