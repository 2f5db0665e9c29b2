import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheMetrics } from './cache-metrics.js';
import type { LoadMany } from './cache-session.js';
import { Flights } from './flights.js';
import type { NearEntry, NearTier } from './near-tier.js';
import type { Region, RegionName } from './region.js';
import { CutOffError, type SharedTier } from './shared-tier.js';
import { newStamp, stampKey } from './stamps.js';
import type { View } from './view-keeper.js';
import { readText, type Wanted } from './wanted.js';

export interface LoadParts {
  readonly shared: SharedTier;
  readonly near: NearTier;
  readonly metrics: CacheMetrics;
  readonly ttlMs: Readonly<Record<RegionName, number>>;
  /** 0: that there is none is not remembered. */
  readonly unknownTtlMs: number;
}

/** What is loaded, in which view, and how. */
interface Loading<Id, Value> {
  readonly view: View;
  readonly region: Region<Id, Value>;
  readonly load: LoadMany<Id, Value>;
}

/** Lifetimes differ by this part of them, so that what was cached at one time does not end at one time. */
const JITTER = 0.2;
const TURN_TTL_MS = 2000;
const TURN_IS_OVER = 'over';
const TURN_POLL_MS = 10;
/** After that whoever waits for another process's load does its own. */
const TURN_PATIENCE_MS = 500;

/** Loads what is not cached, and caches it. One for each process, so that many who want the same wait for one of them. */
export class Loads {
  private readonly flights = new Flights();

  constructor(private readonly parts: LoadParts) {}

  /** Sets what each of them is found to be. */
  async load<Id, Value>(loading: Loading<Id, Value>, missing: readonly Wanted<Id, Value>[]): Promise<void> {
    const { flights } = this;
    const joined = missing.flatMap((each) => {
      const flight = flights.find(flightKey(each));
      return flight ? [{ each, flight }] : [];
    });
    const own = missing.filter((each) => !joined.some((other) => other.each === each));
    if (own.length > 0) {
      const values = await flights.run(own.map(flightKey), () => this.loadOwn(loading, own));
      for (const [index, each] of own.entries()) each.found = { value: values[index] };
    }
    for (const { each, flight } of joined) {
      try {
        each.found = { value: (await flight) as Value | undefined };
      } catch {
        // It failed for a reason of the request that it was loaded for, perhaps.
        each.found = { value: (await loading.load([each.id]))[0] };
      }
    }
  }

  private async loadOwn<Id, Value>(
    loading: Loading<Id, Value>,
    own: readonly Wanted<Id, Value>[],
  ): Promise<readonly (Value | undefined)[]> {
    const [first] = own;
    const waits = loading.region.loadsOnce && this.parts.shared.isRemote && own.length === 1;
    const others = waits && first ? await this.waitForTurn(loading, first) : undefined;
    if (others) return [others.value];
    return this.loadAbsent(loading, own);
  }

  /** Of a herd that found nothing some come when the value has just been loaded for the others. */
  private async loadAbsent<Id, Value>(
    loading: Loading<Id, Value>,
    own: readonly Wanted<Id, Value>[],
  ): Promise<readonly (Value | undefined)[]> {
    const keys = own.map(({ key }) => key);
    const near = await this.parts.near.getMany(loading.region.name, keys);
    const isThere = own.map(({ stamp }, index) => near[index]?.stamp === stamp);
    const absent = own.filter((_, index) => !isThere[index]);
    const loaded = absent.length > 0 ? await this.loadAndKeep(loading, absent) : [];
    const rest = loaded.values();
    return own.map((_, index) => (isThere[index] ? (near[index]?.value as Value | undefined) : rest.next().value));
  }

  private async loadAndKeep<Id, Value>(
    loading: Loading<Id, Value>,
    own: readonly Wanted<Id, Value>[],
  ): Promise<readonly (Value | undefined)[]> {
    const values = await loading.load(own.map(({ id }) => id));
    // Nobody waits for it: where it fails, the next one loads again.
    this.fill(loading, own, values).catch(() => {
      this.parts.metrics.error('fill');
    });
    return values;
  }

  /** Another process's value, where one is loading it; undefined where it is this one's turn. */
  private async waitForTurn<Id, Value>({ view, region }: Loading<Id, Value>, each: Wanted<Id, Value>) {
    const { shared } = this.parts;
    try {
      const mine = newStamp();
      let [turn] = await shared.setIfAbsent(view.token, [{ name: turnKey(each), text: mine, ttlMs: TURN_TTL_MS }]);
      if (turn === mine) return undefined;
      const giveUpAt = performance.now() + TURN_PATIENCE_MS;
      while (turn !== TURN_IS_OVER && performance.now() < giveUpAt) {
        await sleep(TURN_POLL_MS);
        [turn] = await shared.get(view.token, [turnKey(each)]);
      }
      // It is believed under the stamp that was asked for, whatever has become of that since.
      const [text] = await shared.get(view.token, [each.key]);
      return readText(region, text, each.stamp);
    } catch (error) {
      if (error instanceof CutOffError) return undefined;
      throw error;
    }
  }

  /** A value whose stamp is no longer the current one is not kept: what it was read from has changed meanwhile. */
  private async fill<Id, Value>(
    { view, region }: Loading<Id, Value>,
    own: readonly Wanted<Id, Value>[],
    values: readonly (Value | undefined)[],
  ): Promise<void> {
    const { shared, metrics } = this.parts;
    const fills = own.flatMap((each, index) => {
      const value = values[index];
      if (value === undefined && !(region.remembersUnknown && this.parts.unknownTtlMs > 0)) return [];
      const encoded = value === undefined ? null : region.codec.encode(value);
      const json = JSON.stringify(encoded);
      // As another process would have it: a loaded entity hangs on its entity manager, and is larger.
      const kept = encoded === null ? undefined : region.codec.decode(encoded as never);
      this.keepNear(region, each, { value: kept, size: json.length });
      return [{ each, text: `${each.stamp} ${json}`, ttlMs: this.ttlOf(region.name, value) }];
    });
    if (fills.length === 0) return;
    const current = await shared.get(
      view.token,
      fills.map(({ each }) => stampKey(each.stampName)),
    );
    const standing = fills.filter(({ each }, index) => each.stamp === current[index]);
    metrics.fill(region.name, 'stored', standing.length);
    metrics.fill(region.name, 'refused', fills.length - standing.length);
    if (!shared.isRemote || standing.length === 0) return;
    const texts = standing.map(({ each, text, ttlMs }) => ({ name: each.key, text, ttlMs }));
    const turns = region.loadsOnce ? standing.map(({ each }) => turnKey(each)) : [];
    await shared.offer(view.token, [...texts, ...turns.map((name) => ({ name, text: TURN_IS_OVER, ttlMs: TURN_TTL_MS }))]);
  }

  /** To be handed to later requests, as long as its stamp stands. */
  keepNear<Id, Value>(region: Region<Id, Value>, each: Wanted<Id, Value>, entry: Omit<NearEntry, 'stamp'>): void {
    const ttlMs = this.ttlOf(region.name, entry.value);
    void this.parts.near.set(region.name, each.key, { ...entry, stamp: each.stamp }, ttlMs);
  }

  private ttlOf(name: RegionName, value: unknown): number {
    const ttlMs = value === undefined ? this.parts.unknownTtlMs : this.parts.ttlMs[name];
    return Math.max(1, Math.round(ttlMs * (1 - JITTER * Math.random())));
  }
}

function turnKey({ key, stamp }: { readonly key: string; readonly stamp: string }): string {
  return `turn/${key}/${stamp}`;
}

function flightKey({ key, stamp }: { readonly key: string; readonly stamp: string }): string {
  return `${key} ${stamp}`;
}
