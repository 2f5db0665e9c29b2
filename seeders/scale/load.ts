import type { ScaleOptions } from './options.js';
import { idMaker } from './random.js';
import { UNIT_STEP_THOUSANDTHS, type Shelf } from './vocabulary.js';

const HISTORY_YEARS = 2;
/** Items were added in the half year before the ledger begins. */
const CATALOGUE_DAYS = 180;
const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const HASTE_MS = 60_000;

/** Told what is being done, how far it is and how far it goes. */
export type ScaleProgress = (what: string, done: number, total: number) => void;

/** What all parts of one seeding share: what is made, when, under which ids. Ids are computed, not kept. */
export class ScaleLoad {
  readonly at: { readonly now: Date; readonly from: number; readonly to: number };
  readonly ids: ReturnType<typeof idMaker>;
  readonly locationIds: readonly string[];
  private readonly steps: Uint16Array;

  constructor(
    readonly options: ScaleOptions,
    now: Date,
    private readonly watch: { readonly progress: ScaleProgress; readonly signal: AbortSignal },
  ) {
    const to = now.getTime() - HASTE_MS;
    this.at = { now, from: to - HISTORY_YEARS * YEAR_MS, to };
    this.ids = idMaker(options.seed);
    this.locationIds = Array.from({ length: options.locations }, (_, index) => this.ids('location', this.at.from, index));
    this.steps = new Uint16Array(options.items);
  }

  itemCreatedAt(item: number): number {
    const span = CATALOGUE_DAYS * DAY_MS;
    return Math.floor(this.at.from - span + (span * item) / this.options.items);
  }

  itemId(item: number): string {
    return this.ids('item', this.itemCreatedAt(item), item);
  }

  /** Levels are numbered item by item. */
  levelId(level: number): string {
    return this.ids('level', this.at.from, level);
  }

  itemOf(level: number): number {
    return Math.floor(level / this.options.locations);
  }

  locationIdOf(level: number): string {
    return this.locationIds[level % this.options.locations] ?? '';
  }

  setUnit(item: number, unit: Shelf['unit']): void {
    this.steps[item] = UNIT_STEP_THOUSANDTHS[unit];
  }

  /** Smallest amount that is sold of an item, in thousandths of its unit. */
  readonly stepOf = (item: number): number => this.steps[item] ?? 0;

  /** Between two statements: says how far it is, and stops where the caller wants it stopped. */
  step(what: string, done: number, total: number): void {
    this.watch.signal.throwIfAborted();
    this.watch.progress(what, done, total);
  }
}
