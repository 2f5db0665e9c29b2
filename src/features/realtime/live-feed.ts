import { lowestIdAt } from '../../kernel/ids.js';
import { RequestError } from '../../kernel/errors.js';
import type { Clock } from '../../kernel/clock.js';
import { inShop } from '../../platform/tenancy.js';
import type { StockAlert } from '../alerts/index.js';
import type { StockMovement } from '../stock/index.js';
import { cancellable } from './cancellable.js';
import type { FeedHorizonReader } from './feed-horizon.reader.js';
import { cursorOf, seqOfCursor, type FeedPlace, type MovementFeedReader } from './movement-feed.reader.js';
import type { NewAlertsReader } from './new-alerts.reader.js';

/** A consumer that is slow holds no more than these: what comes after them is read when it asks. */
const BATCH = 100;
/** How long a query waits for transactions that are about to commit. */
const PATIENCE_MS = 500;
/** How long a listener without a cursor waits for them. */
const START_PATIENCE_MS = 5_000;
const ALERT_POLL_MS = 500;
/** An alert whose transaction takes longer than this to commit is not told of. */
const ALERT_WINDOW_MS = 60_000;

export interface MovementEvent {
  readonly cursor: string;
  readonly movement: StockMovement;
}

export interface FeedReaders {
  readonly movements: (shopId: string) => MovementFeedReader;
  readonly alerts: (shopId: string) => NewAlertsReader;
}

/** What is told to those who listen: of one shop each, read from the database when they are ready for more. */
export class LiveFeed {
  constructor(
    private readonly horizon: FeedHorizonReader,
    private readonly readers: FeedReaders,
    private readonly clock: Clock,
  ) {}

  /** Up to where a query of the feed may read. */
  upTo(): Promise<bigint> {
    return this.horizon.now(PATIENCE_MS);
  }

  /**
   * Every committed movement of the place, none skipped and none twice, each level's in its own order: after the cursor, or from now on. Refuses
   * (BAD_USER_INPUT) a cursor that is none; without one it fails (UNAVAILABLE) while a transaction that writes to the ledger stays open for seconds.
   */
  movements(shopId: string, place: FeedPlace, after: string | undefined): AsyncIterableIterator<MovementEvent> {
    const known = after === undefined ? undefined : seqOfCursor(after);
    // Asked for now, not when the first event is.
    const start = known === undefined ? this.fromNow() : Promise.resolve(known);
    start.catch(() => undefined);
    return cancellable((signal) => this.movementsFrom(shopId, place, start, signal));
  }

  /** Where nobody knows what is settled by now, it might be the whole ledger that is told as new. */
  private async fromNow(): Promise<bigint> {
    const start = await this.horizon.caughtUp(START_PATIENCE_MS);
    if (start === undefined) {
      throw new RequestError('UNAVAILABLE', 'Somebody is writing a lot at once, so that it is not known what is new: try again.');
    }
    return start;
  }

  /** Alerts as they open, from now on; one that opens while its listener is away is in the list, not here. */
  alerts(shopId: string): AsyncIterableIterator<StockAlert> {
    return cancellable((signal) => this.alertsFrom(shopId, this.clock.now(), signal));
  }

  private async *movementsFrom(
    shopId: string,
    place: FeedPlace,
    start: Promise<bigint>,
    signal: AbortSignal,
  ): AsyncGenerator<MovementEvent> {
    for (let from = await start; ;) {
      const upTo = await this.horizon.beyond(from, signal);
      if (upTo === undefined) return;
      for (let rows = BATCH; rows === BATCH;) {
        const movements = await inShop(shopId, () => this.readers.movements(shopId).span(place, { from, upTo }, BATCH));
        rows = movements.length;
        for (const movement of movements) {
          yield { cursor: cursorOf(movement), movement };
          from = BigInt(movement.seq);
        }
      }
      from = upTo;
    }
  }

  private async *alertsFrom(shopId: string, since: Date, signal: AbortSignal): AsyncGenerator<StockAlert> {
    const lowestOf = (now: Date): string => lowestIdAt(new Date(Math.max(since.getTime(), now.getTime() - ALERT_WINDOW_MS)));
    for (let told = new Set<string>(); ;) {
      const alerts = await inShop(shopId, () => this.readers.alerts(shopId).since(lowestOf(this.clock.now()), [...told], BATCH));
      const lowest = lowestOf(this.clock.now());
      told = new Set([...told].filter((id) => id >= lowest));
      for (const alert of alerts) {
        if (signal.aborted) return;
        told.add(alert.id);
        yield alert;
      }
      if (alerts.length < BATCH) await pause(ALERT_POLL_MS, signal);
      if (signal.aborted) return;
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
