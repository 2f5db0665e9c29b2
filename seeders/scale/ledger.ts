import type { MovementKind } from '../../src/features/stock/movement-kind.js';
import { SeededRandom } from './random.js';

/** Quantities here are whole thousandths of the base unit, so that sums are exact; positive numbers of one level stay far below 2^53. */
export interface ScaleLine {
  /** Place in the ledger, from 0. */
  readonly ordinal: number;
  readonly kind: MovementKind;
  readonly level: number;
  readonly change: number;
  readonly before: number;
  /** The level's version after this line. */
  readonly version: number;
  readonly at: number;
}

/** One business act: one line, or two of a transfer. A reversal names the line that it takes back. */
export interface ScaleAct {
  readonly lines: readonly [ScaleLine] | readonly [ScaleLine, ScaleLine];
  readonly reverses?: ScaleLine;
}

export interface ScalePlan {
  /** Levels are numbered item by item: item * locations + location. */
  readonly items: number;
  readonly locations: number;
  readonly movements: number;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Smallest amount of the item that is sold, in thousandths. */
  readonly stepOf: (item: number) => number;
}

type Reason = Exclude<MovementKind, 'TRANSFER_OUT' | 'TRANSFER_IN'> | 'TRANSFER';

/** Shares of what happens in a shop, in percent; a level with nothing on it is stocked up instead. */
const SHARES: readonly (readonly [Reason, number])[] = [
  ['SALE', 69],
  ['RECEIPT', 2],
  ['TRANSFER', 6],
  ['COUNT', 6],
  ['ISSUE', 5],
  ['ADJUSTMENT', 3],
  ['RETURN', 3],
  ['DAMAGE', 2],
  ['EXPIRY', 2],
  ['REVERSAL', 2],
];
/** Smallest and largest number of steps of one act. */
const STEPS: Record<Exclude<Reason, 'REVERSAL'>, readonly [number, number]> = {
  SALE: [1, 3],
  RECEIPT: [12, 144],
  TRANSFER: [1, 24],
  COUNT: [-2, 1],
  ISSUE: [1, 12],
  ADJUSTMENT: [1, 4],
  RETURN: [1, 2],
  DAMAGE: [1, 2],
  EXPIRY: [1, 6],
};
const TAKES: ReadonlySet<Reason> = new Set(['SALE', 'ISSUE', 'DAMAGE', 'EXPIRY', 'TRANSFER']);
const REVERSIBLE: ReadonlySet<Reason> = new Set(['SALE', 'RECEIPT', 'ISSUE', 'RETURN', 'DAMAGE']);
const PERCENT = 100;
/** A mistake is taken back soon after, so only the last few lines can be reversed. */
const RECENT_LINES = 64;
/** Most counts find what is expected. */
const COUNT_DIFFERS_SHARE = 0.3;
const LINES_OF_A_TRANSFER = 2;
/** A prime stride, which spreads the busy items over the catalogue. */
const SPREAD = 7919;

/** Walks a shop's stock through its years. The same plan gives the same acts, so it can be walked again instead of being kept. */
export class ScaleLedger {
  readonly onHand: Float64Array;
  readonly versions: Int32Array;
  readonly changedAt: Float64Array;
  private readonly random: SeededRandom;
  private readonly recent: ScaleLine[] = [];
  private written = 0;

  constructor(private readonly plan: ScalePlan) {
    const levels = plan.items * plan.locations;
    this.onHand = new Float64Array(levels);
    this.versions = new Int32Array(levels);
    this.changedAt = new Float64Array(levels).fill(plan.from);
    this.random = new SeededRandom(plan.seed);
  }

  /** Exactly as many lines as planned, in the order of their time; no level below zero. */
  *acts(): Generator<ScaleAct> {
    while (this.written < this.plan.movements) yield this.nextAct();
  }

  /** Walks to the end for the sake of the levels. */
  finish(): void {
    while (this.written < this.plan.movements) this.nextAct();
  }

  private nextAct(): ScaleAct {
    const item = this.pickItem();
    const level = item * this.plan.locations + this.random.below(this.plan.locations);
    const reason = this.pickReason();
    if (reason === 'REVERSAL') return this.reversal() ?? this.single('RECEIPT', level, item);
    const hasStock = this.held(level) >= this.plan.stepOf(item);
    if (!hasStock && reason !== 'COUNT') return this.single('RECEIPT', level, item);
    if (reason !== 'TRANSFER') return this.single(reason, level, item);
    return this.canTransfer() ? this.transfer(level, item) : this.single('SALE', level, item);
  }

  /** Some items move far more than others: the busiest of 50,000 has some 4,500 of a million movements, the quietest 10. */
  private pickItem(): number {
    const { items } = this.plan;
    const rank = Math.floor(items * this.random.fraction() ** 2);
    return (rank * SPREAD) % items;
  }

  private pickReason(): Reason {
    let roll = this.random.below(PERCENT);
    for (const [reason, share] of SHARES) {
      if (roll < share) return reason;
      roll -= share;
    }
    return 'SALE';
  }

  private canTransfer(): boolean {
    return this.plan.locations > 1 && this.plan.movements - this.written >= LINES_OF_A_TRANSFER;
  }

  private single(reason: Exclude<Reason, 'TRANSFER' | 'REVERSAL'>, level: number, item: number): ScaleAct {
    const line = this.write(reason, level, this.changeOf(reason, level, item));
    if (REVERSIBLE.has(reason)) {
      this.recent.push(line);
      if (this.recent.length > RECENT_LINES) this.recent.shift();
    }
    return { lines: [line] };
  }

  private changeOf(reason: Exclude<Reason, 'REVERSAL'>, level: number, item: number): number {
    const [min, max] = STEPS[reason];
    const amount = this.random.between(min, max) * this.plan.stepOf(item);
    const held = this.held(level);
    if (TAKES.has(reason)) return -Math.min(amount, held);
    if (reason === 'COUNT') return this.random.fraction() < COUNT_DIFFERS_SHARE ? Math.max(amount, -held) : 0;
    const isLoss = reason === 'ADJUSTMENT' && this.random.fraction() < 1 / 2;
    return isLoss ? -Math.min(amount, held) : amount;
  }

  private transfer(level: number, item: number): ScaleAct {
    const { locations } = this.plan;
    const from = level % locations;
    const to = (from + this.random.between(1, locations - 1)) % locations;
    const change = this.changeOf('TRANSFER', level, item);
    return { lines: [this.write('TRANSFER_OUT', level, change), this.write('TRANSFER_IN', level - from + to, -change)] };
  }

  private reversal(): ScaleAct | undefined {
    const index = this.random.below(RECENT_LINES);
    const original = this.recent[index];
    if (!original || this.held(original.level) < original.change) return undefined;
    this.recent.splice(index, 1);
    return { lines: [this.write('REVERSAL', original.level, -original.change)], reverses: original };
  }

  private write(kind: MovementKind, level: number, change: number): ScaleLine {
    const { from, to, movements } = this.plan;
    const before = this.held(level);
    const version = (this.versions[level] ?? 0) + 1;
    const at = Math.floor(from + ((to - from) * this.written) / movements);
    const line = { ordinal: this.written, kind, level, change, before, version, at };
    this.onHand[level] = before + change;
    this.versions[level] = version;
    this.changedAt[level] = at;
    this.written += 1;
    return line;
  }

  private held(level: number): number {
    return this.onHand[level] ?? 0;
  }
}
