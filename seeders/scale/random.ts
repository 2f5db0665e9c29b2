import { v7 as uuidv7 } from 'uuid';

const GOLDEN_STEP = 0x6d2b79f5;
const UINT32_RANGE = 4_294_967_296;
const UUID_BYTES = 16;

/** Repeatable noise: the same seed gives the same numbers on every machine (mulberry32). Not for secrets. */
export class SeededRandom {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    this.state = (this.state + GOLDEN_STEP) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32_RANGE;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }
}

/** What an id is for; ids of different kinds never meet, even where time and ordinal are the same. */
const KINDS = ['location', 'key', 'category', 'item', 'level', 'movement', 'act'] as const;
export type IdKind = (typeof KINDS)[number];

/**
 * Repeatable row ids: UUIDv7 (RFC 9562, section 6.2, method 1: the ordinal stands in the counter's bits), so that they sort as the rows
 * were made, and one and the same row gets the same id whenever it is asked for.
 */
export function idMaker(seed: number): (kind: IdKind, at: number, ordinal: number) => string {
  const noise = new SeededRandom(seed);
  const tails = new Map(KINDS.map((kind) => [kind, Uint8Array.from({ length: UUID_BYTES }, () => noise.below(256))]));
  return (kind, at, ordinal) => {
    const random = tails.get(kind);
    return uuidv7({ msecs: at, seq: ordinal, ...(random && { random }) });
  };
}
