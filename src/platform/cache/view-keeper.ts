import { setImmediate as immediate } from 'node:timers/promises';
import type { Logger } from '../log.js';
import { Lease } from './lease.js';
import { LEASE_MS, Membership, type Heartbeat } from './membership.js';
import { CutOffError, type SharedTier } from './shared-tier.js';

/** What the living members have agreed on. Everything cached is named by the token; in a view that is off nothing is cached. */
export interface View {
  readonly epoch: number;
  readonly token: string;
  readonly isOn: boolean;
}

interface Standing extends View {
  /** Every living member has seen the epoch: nobody uses an older one. */
  readonly isSettled: boolean;
  readonly lease: Lease;
}

export interface ViewKeeperOptions {
  readonly databaseUrl: string;
  readonly memberId: string;
  /** How an operator tells this instance from others. */
  readonly memberName: string;
  readonly shared: SharedTier;
  readonly log: Logger;
}

/** Taken off the lease on this side, for clocks that do not run alike. */
const LEASE_MARGIN_MS = 200;
const RENEWAL_MS = 500;
/** How soon is asked again where others have not seen the epoch yet, should their word be lost. */
const UNSETTLED_MS = 25;
const RETRY_MS = 100;
/** Both longer than any dead member's lease. */
const READY_TIMEOUT_MS = 4000;
const ACKNOWLEDGE_TIMEOUT_MS = 8000;

/**
 * This instance's membership: a lease in the database, renewed over a connection of its own. It says whether the cache may be used now, and
 * lets a write be acknowledged only when no living member can still show what was before it. ARCHITECTURE.md says why that is so.
 */
export class ViewKeeper {
  private standing: Standing | undefined;
  private newestHeard = 0;
  /** How often the standing was given up: what was asked before the last time says nothing any more. */
  private suspensions = 0;
  private saidEpoch = 0;
  private beating: Promise<void> | undefined;
  private wantsBeat = false;
  private readonly stopping = new AbortController();
  private hasFailed = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<() => void>();
  /** A write was committed here that could not be announced: the others have to begin anew when this member goes. */
  private owes = false;
  private readonly membership: Membership;

  constructor(private readonly options: ViewKeeperOptions) {
    const { databaseUrl, memberId, memberName } = options;
    const onEpoch = (epoch: number): void => {
      this.hear(epoch);
    };
    this.membership = new Membership({ databaseUrl, memberId, memberName, onEpoch });
  }

  /** Joins the members; resolves once the database has answered for the first time, or failed to. */
  async start(): Promise<void> {
    await this.options.shared.open(() => {
      this.suspend();
      this.beatSoon();
    });
    await this.beats();
  }

  /** Leaves. To be called once the last write was acknowledged, or was given up: then the others begin a new epoch, as after a crash. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.suspend();
    await this.membership.leave({ owes: this.owes });
    this.wake();
  }

  /** The view in which the cache may be read at this moment; undefined where it may not. */
  trusted(): View | undefined {
    return this.agreed?.isOn ? this.agreed : undefined;
  }

  /** The epoch last agreed on, whether or not the cache may be used in it. */
  get epoch(): number {
    return this.standing?.epoch ?? this.newestHeard;
  }

  /** To be called before a write is begun. Rejects where the members cannot agree: then it could not be acknowledged. */
  async ready(): Promise<void> {
    await this.settled(performance.now() + READY_TIMEOUT_MS);
  }

  /**
   * To be called after the commit and before its reply. `announce` tells the shared memory of the view what has changed; in a view that is off
   * there is nobody to tell. Returns once no living member can show what was before the commit, and rejects where that cannot be reached in
   * ACKNOWLEDGE_TIMEOUT_MS: then the write must not be acknowledged.
   */
  async acknowledge(announce: (view: View) => Promise<void>): Promise<void> {
    const giveUpAt = performance.now() + ACKNOWLEDGE_TIMEOUT_MS;
    try {
      while (!(await this.tryAcknowledge(announce, giveUpAt)));
    } catch (error) {
      this.owes = true;
      throw error;
    }
  }

  private async tryAcknowledge(announce: (view: View) => Promise<void>, giveUpAt: number): Promise<boolean> {
    const view = await this.settled(giveUpAt);
    try {
      if (view.isOn) await announce(view);
    } catch (error) {
      if (!(error instanceof CutOffError)) throw error;
      // The link is broken, so the next view is one without it; others get their turn meanwhile.
      await immediate();
      return false;
    }
    return this.agreed?.token === view.token;
  }

  private async settled(giveUpAt: number): Promise<View> {
    for (;;) {
      if (this.agreed) return this.agreed;
      const patienceMs = giveUpAt - performance.now();
      if (patienceMs <= 0 || this.isStopping)
        throw new Error('The members of the cache could not agree: the write is not acknowledged.');
      this.beatSoon();
      await this.change(patienceMs);
    }
  }

  private change(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        this.waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, patienceMs);
      this.waiting.add(resume);
    });
  }

  private wake(): void {
    for (const resume of [...this.waiting]) resume();
  }

  /** From this moment on nothing of an older epoch is used: only then is the new one said to be seen. */
  private hear(epoch: number): void {
    this.newestHeard = Math.max(this.newestHeard, epoch);
    if (this.standing && this.standing.epoch < epoch) this.suspend();
    if (!this.standing?.isSettled) this.beatSoon();
  }

  /** The view that every living member has seen, while this one's lease stands. */
  private get agreed(): View | undefined {
    const { standing } = this;
    return standing?.isSettled && standing.lease.stands ? standing : undefined;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private suspend(): void {
    this.suspensions += 1;
    this.standing = undefined;
  }

  private beatSoon(): void {
    if (this.isStopping) return;
    this.wantsBeat = true;
    void this.beats();
  }

  /** One question after the other: what an older one says must not come after what a newer one has said. */
  private beats(): Promise<void> {
    this.beating ??= this.beatUntilDone().finally(() => {
      this.beating = undefined;
    });
    return this.beating;
  }

  private takeWish(): boolean {
    const { wantsBeat } = this;
    this.wantsBeat = false;
    return wantsBeat && !this.isStopping;
  }

  private async beatUntilDone(): Promise<void> {
    this.wantsBeat = false;
    clearTimeout(this.timer);
    let pauseMs = RENEWAL_MS;
    try {
      do await this.ask();
      while (this.takeWish());
      this.hasFailed = false;
      if (!this.standing?.isSettled) pauseMs = UNSETTLED_MS;
    } catch (error) {
      pauseMs = RETRY_MS;
      if (!this.hasFailed) this.options.log.warn({ err: error }, 'the cache rests: the database does not renew its lease');
      this.hasFailed = true;
    }
    if (this.isStopping) return;
    this.timer = setTimeout(() => {
      this.beatSoon();
    }, pauseMs);
    this.timer.unref();
  }

  private async ask(): Promise<void> {
    const { shared } = this.options;
    const sentAt = Lease.now();
    const { suspensions } = this;
    const seen = this.standing?.epoch;
    const heartbeat = await this.membership.renew(shared.link, seen);
    const { epoch } = heartbeat;
    // Nobody else can have agreed on a link of this member's that it does not have; should that ever be, it uses nothing.
    const isForeign = heartbeat.link !== null && heartbeat.link !== shared.link;
    if (this.suspensions !== suspensions || epoch < this.newestHeard || isForeign) {
      this.suspend();
      this.wantsBeat = true;
      // Who asks again after he has heard of an epoch is told of it, unless the database has gone back to a copy of itself.
      this.newestHeard = epoch;
      return;
    }
    this.newestHeard = epoch;
    // An older epoch was in use until now; that it no longer is has yet to be said.
    if (seen !== undefined && seen < epoch) this.wantsBeat = true;
    this.adopt(heartbeat, Lease.from(sentAt, LEASE_MS - LEASE_MARGIN_MS));
    this.wake();
  }

  private adopt({ epoch, token, link, isSettled, members }: Heartbeat, lease: Lease): void {
    const isOn = link !== null;
    this.standing = { epoch, token, isOn, isSettled, lease };
    if (this.saidEpoch === epoch) return;
    this.saidEpoch = epoch;
    const message = isOn ? 'the cache is in use' : 'the cache is not in use: not all members reach one memory';
    this.options.log.info({ epoch, members }, message);
  }
}
