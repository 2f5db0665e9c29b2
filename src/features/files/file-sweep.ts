import type { Clock } from '../../kernel/clock.js';
import { doubling, type Task } from '../../platform/outbox/task.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { CLAIM_MS } from './file.service.js';
import type { FileStore, ListedObject } from './file-store.port.js';
import { fileOfKey, OBJECT_PREFIX, type FileRef } from './object-key.js';
import type { FileRemovedEvent } from './files.events.js';
import type { StoredFile } from './stored-file.entity.js';
import { MARKER_KEY, type StoreOwner } from './store-owner.js';
import { StoredFileRepository, type FileRange } from './stored-file.repository.js';

/** How long after one sweep the next begins: so long the database and the store may say different things. */
export const SWEEP_INTERVAL_MS = 900_000;
/** What is younger is left alone, whatever it looks like: it may be on its way, and clocks differ. */
export const GRACE_MS = 600_000;
/** More orphans among what is settled in a page than this share, and this number, is no litter: then the database is not the one that was written to. */
export const MAX_ORPHAN_SHARE = 0.1;
export const MAX_ORPHANS = 20;
/**
 * How long an object lies that no row names. A database that was restored from too old a copy does not know the newest ones, and in a small store too
 * few of them to be noticed: so long there is to put back the right copy.
 */
export const ORPHAN_KEEP_MS = 7 * 24 * 3_600_000;
const FIRST_RETRY_MS = 30_000;
const PAGE_SIZE = 500;

export interface SweepOptions {
  readonly store: FileStore;
  readonly work: UnitOfWork;
  readonly clock: Clock;
  /** Told what was found, where something was. */
  readonly report: (found: SweepCounts) => void;
  /** Told why nothing was removed, and what to look at. */
  readonly alarm: (what: SweepAlarm) => void;
  readonly owner: StoreOwner;
  /** How many objects or rows are looked at together. */
  readonly pageSize?: number;
}

/** What one sweep did. */
export interface SweepCounts {
  /** Uploads whose time was over. */
  overdue: number;
  /** Objects that no row named, and that were removed. */
  orphans: number;
  /** Files whose objects are not there, and files whose objects are there again. */
  missing: number;
  found: number;
}

/** Why a sweep left everything where it is. */
export type SweepAlarm =
  | { readonly why: 'ANOTHER_DATABASE'; readonly markerKey: string; readonly marker: string; readonly databaseId: string }
  | { readonly why: 'TOO_MANY_ORPHANS'; readonly orphans: number; readonly objects: number; readonly firstKey: string };

/** Makes the database and the store agree again, wherever a process or the store has failed between the two. Safe at any time, and again. */
export class FileSweep {
  private readonly pageSize: number;

  constructor(private readonly options: SweepOptions) {
    this.pageSize = options.pageSize ?? PAGE_SIZE;
  }

  task(): Task {
    return {
      name: 'file.sweep',
      concurrency: 1,
      everyMs: SWEEP_INTERVAL_MS,
      retryInMs: doubling(FIRST_RETRY_MS, Infinity, SWEEP_INTERVAL_MS),
      run: async (_job, signal) => {
        await this.run(signal);
      },
    };
  }

  async run(signal: AbortSignal): Promise<SweepCounts> {
    const counts: SweepCounts = { overdue: 0, orphans: 0, missing: 0, found: 0 };
    await this.endOverdue(signal, counts);
    const ownership = await this.options.owner.ask();
    if (ownership.isOurs) await this.compare(signal, counts);
    else
      this.options.alarm({
        why: 'ANOTHER_DATABASE',
        markerKey: MARKER_KEY,
        marker: ownership.marker,
        databaseId: ownership.databaseId,
      });
    if (Object.values(counts).some((count) => count > 0)) this.options.report(counts);
    return counts;
  }

  private async endOverdue(signal: AbortSignal, counts: SweepCounts): Promise<void> {
    for (let ended = this.pageSize; ended === this.pageSize; counts.overdue += ended) {
      signal.throwIfAborted();
      ended = await this.options.work.run(EVERY_SHOP, async (transaction) => {
        const files = new StoredFileRepository(transaction.em);
        const before = new Date(this.options.clock.now().getTime() - CLAIM_MS);
        const overdue = await files.findOverdue(before, this.pageSize);
        for (const file of overdue) {
          files.remove(file);
          const event: FileRemovedEvent = { type: 'file.removed', shopId: file.shopId, objectKeys: file.keys() };
          transaction.emit(event);
        }
        return overdue.length;
      });
    }
  }

  /**
   * Goes through the store and the table side by side, in the order that both have. A row's keys are committed before anything is written
   * under them, and rows are read after the list was: so an object that no row names then is nobody's.
   */
  private async compare(signal: AbortSignal, counts: SweepCounts): Promise<void> {
    let after: FileRef | undefined;
    let afterKey: string | undefined;
    let mayRemove = true;
    for (let isLast = false; !isLast;) {
      signal.throwIfAborted();
      const asOf = this.options.clock.now();
      const page = await this.nextPage(afterKey, signal);
      ({ isLast } = page);
      const whole = isLast ? page.ours : withoutLastFile(page.ours);
      const upTo = isLast ? undefined : fileOfKey(whole.at(-1)?.key ?? '');
      const compared = await this.compareRange(whole, { after, upTo }, asOf, counts);
      mayRemove &&= this.isLitter(compared);
      if (mayRemove) await this.removeAll(compared, asOf, counts);
      afterKey = whole.length < page.ours.length ? whole.at(-1)?.key : page.lastKey;
      after = upTo;
    }
  }

  /** At least a page of objects that are ours, or the last ones. What does not look like one of ours is somebody else's, and nothing is told by it. */
  private async nextPage(after: string | undefined, signal: AbortSignal) {
    const ours: ListedObject[] = [];
    let lastKey = after;
    for (;;) {
      signal.throwIfAborted();
      const page = await this.options.store.list({ prefix: OBJECT_PREFIX, after: lastKey, limit: this.pageSize });
      ours.push(...page.filter(({ key }) => fileOfKey(key)));
      lastKey = page.at(-1)?.key ?? lastKey;
      const isLast = page.length < this.pageSize;
      if (isLast || ours.length >= this.pageSize) return { ours, lastKey, isLast };
    }
  }

  /** Marks the files of the range. Gives the objects that are settled and that no row names. */
  private async compareRange(
    objects: readonly ListedObject[],
    range: FileRange,
    asOf: Date,
    counts: SweepCounts,
  ): Promise<Compared> {
    const listed = new Set(objects.map(({ key }) => key));
    const named = new Set<string>();
    const settled = new Date(asOf.getTime() - GRACE_MS);
    let { after } = range;
    for (let isLast = false; !isLast;) {
      const from = after;
      const rows = await this.options.work.run(EVERY_SHOP, async ({ em }) => {
        const files = new StoredFileRepository(em);
        const found = await files.findRange({ after: from, upTo: range.upTo }, this.pageSize);
        const lost = found.filter((file) => !file.missingAt && isSettled(file, settled) && !isWhole(file, listed));
        const back = found.filter((file) => file.missingAt && isWhole(file, listed));
        await files.mark(lost, asOf);
        await files.mark(back, null);
        counts.missing += lost.length;
        counts.found += back.length;
        return found;
      });
      for (const key of rows.flatMap((file) => file.keys())) named.add(key);
      isLast = rows.length < this.pageSize;
      after = rows.at(-1);
    }
    const old = objects.filter(({ modifiedAt }) => modifiedAt <= settled);
    return { objects: old.length, orphans: old.filter(({ key }) => !named.has(key)) };
  }

  /** Where too much would go, a database has lost what it knew (one that was restored from yesterday), and the objects are all there is. */
  private isLitter({ objects, orphans }: Compared): boolean {
    if (orphans.length <= MAX_ORPHANS || orphans.length <= objects * MAX_ORPHAN_SHARE) return true;
    this.options.alarm({ why: 'TOO_MANY_ORPHANS', orphans: orphans.length, objects, firstKey: orphans[0]?.key ?? '' });
    return false;
  }

  private async removeAll({ orphans }: Compared, asOf: Date, counts: SweepCounts): Promise<void> {
    const keptSince = asOf.getTime() - ORPHAN_KEEP_MS;
    for (const { key } of orphans.filter(({ modifiedAt }) => modifiedAt.getTime() <= keptSince)) {
      await this.options.store.remove(key);
      counts.orphans += 1;
    }
  }
}

/** What is settled in one range: how many objects, and which of them no row names. */
interface Compared {
  readonly objects: number;
  readonly orphans: readonly ListedObject[];
}

/** A page may end between two objects of one file: those begin the next one. */
function withoutLastFile(page: readonly ListedObject[]): readonly ListedObject[] {
  const prefixOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));
  const last = prefixOf(page.at(-1)?.key ?? '');
  const whole = page.filter(({ key }) => prefixOf(key) !== last);
  return whole.length > 0 ? whole : page;
}

function isSettled({ readyAt }: StoredFile, before: Date): boolean {
  return readyAt !== null && readyAt < before;
}

function isWhole(file: StoredFile, listed: ReadonlySet<string>): boolean {
  return file.keys().every((key) => listed.has(key));
}
