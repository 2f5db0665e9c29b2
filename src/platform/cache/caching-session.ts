import type { CacheMetrics } from './cache-metrics.js';
import type { CacheSession, LoadMany } from './cache-session.js';
import type { Loads } from './loads.js';
import type { NearEntry, NearTier } from './near-tier.js';
import type { Region, RegionName } from './region.js';
import { CutOffError, type SharedTier } from './shared-tier.js';
import { stampKey, type Stamps } from './stamps.js';
import type { View, ViewKeeper } from './view-keeper.js';
import { readText, type Asked, type Wanted } from './wanted.js';

/** What all sessions of a process have in common. */
export interface SessionParts {
  readonly views: Pick<ViewKeeper, 'trusted'>;
  readonly shared: SharedTier;
  readonly near: NearTier;
  readonly stamps: Stamps;
  readonly loads: Loads;
  readonly metrics: CacheMetrics;
  /** 0: the region is not cached. */
  readonly ttlMs: Readonly<Record<RegionName, number>>;
}

export class CachingSession implements CacheSession {
  private token: string | undefined;
  private stamps = new Map<string, string>();

  constructor(private readonly parts: SessionParts) {}

  async getMany<Id, Value>(
    region: Region<Id, Value>,
    ids: readonly Id[],
    load: LoadMany<Id, Value>,
  ): Promise<(Value | undefined)[]> {
    if (ids.length === 0) return [];
    const view = this.viewFor(region.name);
    const wanted = view && (await this.tryLookUp(view, region, ids));
    if (!view || !wanted) {
      this.parts.metrics.read(region.name, 'bypass', ids.length);
      return [...(await load(ids))];
    }
    const missing = wanted.filter(({ found }) => !found);
    const outdated = missing.filter(({ isOutdated }) => isOutdated).length;
    this.parts.metrics.read(region.name, 'hit', wanted.length - missing.length);
    this.parts.metrics.read(region.name, 'miss', missing.length - outdated);
    this.parts.metrics.read(region.name, 'outdated', outdated);
    if (missing.length > 0) await this.parts.loads.load({ view, region, load }, missing);
    return wanted.map(({ found }) => found?.value);
  }

  isCaching(region: RegionName): boolean {
    return this.viewFor(region) !== undefined;
  }

  private viewFor(region: RegionName): View | undefined {
    const { ttlMs, shared, views } = this.parts;
    return ttlMs[region] > 0 && !shared.isResting ? views.trusted() : undefined;
  }

  /** Undefined where the shared memory is cut off: the database answers then. */
  private async tryLookUp<Id, Value>(view: View, region: Region<Id, Value>, ids: readonly Id[]) {
    try {
      return await this.lookUp(view, region, ids);
    } catch (error) {
      if (!(error instanceof CutOffError)) throw error;
      this.parts.metrics.error('read');
      return undefined;
    }
  }

  private async lookUp<Id, Value>(view: View, region: Region<Id, Value>, ids: readonly Id[]): Promise<Wanted<Id, Value>[]> {
    const known = this.stampsIn(view);
    const asked = ids.map((id): Asked<Id> => {
      const key = `${region.name}.${String(region.version)}/${region.keyOf(id)}`;
      return { id, key, stampName: region.stampOf(id) };
    });
    const near = await this.parts.near.getMany(
      region.name,
      asked.map(({ key }) => key),
    );
    // What is near and known to be current needs no round trip; of the rest both the stamp and the text come with one.
    const open = asked.filter(({ stampName }, index) => !known.has(stampName) || near[index]?.stamp !== known.get(stampName));
    const next = open.length > 0 && region.leadsTo ? near.flatMap((entry) => stampsAfter(region, entry)) : [];
    const texts = await this.fetch({ view, known }, open, next);
    return asked.map((each, index) => {
      const stamp = known.get(each.stampName);
      if (stamp === undefined) throw new Error(`The cache was asked without the stamp ${each.stampName}.`);
      return this.believe(region, { ...each, stamp }, { near: near[index], text: texts.get(each.key) });
    });
  }

  /** What this session knows of the view; another view, which it may come into while it waits, has stamps of its own. */
  private stampsIn({ token }: View): Map<string, string> {
    if (this.token !== token) {
      this.token = token;
      this.stamps = new Map();
    }
    return this.stamps;
  }

  /** Learns the stamps that are not known yet; gives the shared texts by key. */
  private async fetch<Id>(
    { view, known }: { readonly view: View; readonly known: Map<string, string> },
    open: readonly Asked<Id>[],
    next: readonly string[],
  ): Promise<ReadonlyMap<string, string | undefined>> {
    const { shared, stamps } = this.parts;
    const names = [...new Set([...open.map(({ stampName }) => stampName), ...next])].filter((name) => !known.has(name));
    const keys = shared.isRemote ? open.map(({ key }) => key) : [];
    if (names.length + keys.length === 0) return new Map();
    const texts = await shared.get(view.token, [...names.map(stampKey), ...keys]);
    const absent = names.filter((name, index) => {
      const stamp = texts[index];
      if (stamp !== undefined) known.set(name, stamp);
      return stamp === undefined;
    });
    for (const [index, stamp] of (await stamps.establish(view.token, absent)).entries()) known.set(absent[index] ?? stamp, stamp);
    return new Map(keys.map((key, index) => [key, texts[names.length + index]]));
  }

  private believe<Id, Value>(
    region: Region<Id, Value>,
    wanted: Wanted<Id, Value>,
    { near, text }: { near: NearEntry | undefined; text: string | undefined },
  ): Wanted<Id, Value> {
    if (near?.stamp === wanted.stamp) return { ...wanted, found: { value: near.value as Value | undefined } };
    const found = this.tryRead(region, text, wanted.stamp);
    if (!found) return { ...wanted, isOutdated: near !== undefined || text !== undefined };
    this.parts.loads.keepNear(region, wanted, found);
    return { ...wanted, found };
  }

  /** A text that cannot be read is as good as none. */
  private tryRead<Id, Value>(region: Region<Id, Value>, text: string | undefined, stamp: string) {
    try {
      return readText(region, text, stamp);
    } catch {
      this.parts.metrics.error('decode');
      return undefined;
    }
  }
}

function stampsAfter<Id, Value>({ leadsTo }: Region<Id, Value>, entry: NearEntry | undefined): readonly string[] {
  return entry?.value === undefined || !leadsTo ? [] : leadsTo(entry.value as Value);
}
