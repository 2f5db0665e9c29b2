import { parseArgs } from 'node:util';
import { StartError } from '../../src/platform/start-error.js';

export interface ScaleOptions {
  readonly items: number;
  readonly locations: number;
  readonly movements: number;
  /** The same seed makes the same shop; its own id, its key and the day it is made apart. */
  readonly seed: number;
}

interface Setting {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

const SETTINGS: Record<keyof ScaleOptions, Setting> = {
  items: { fallback: 50_000, min: 1, max: 1_000_000 },
  locations: { fallback: 4, min: 1, max: 1_000 },
  movements: { fallback: 1_000_000, min: 0, max: 100_000_000 },
  seed: { fallback: 1, min: 0, max: 2_147_483_647 },
};
/** The running levels are kept in memory while the ledger is written: some 30 bytes each. */
const MAX_LEVELS = 10_000_000;

export const SCALE_USAGE = '[--items 50000] [--locations 4] [--movements 1000000] [--seed 1]';

/** Refuses with a StartError that names the argument at fault and what it takes. */
export function parseScaleOptions(args: readonly string[], usage: string): ScaleOptions {
  const given = parsed(args, usage);
  const options = {
    items: whole('items', given.items),
    locations: whole('locations', given.locations),
    movements: whole('movements', given.movements),
    seed: whole('seed', given.seed),
  };
  if (options.items * options.locations > MAX_LEVELS) {
    throw new StartError(`--items times --locations must be at most ${String(MAX_LEVELS)}: write a smaller one of them`);
  }
  return options;
}

function parsed(args: readonly string[], usage: string): Partial<Record<keyof ScaleOptions, string>> {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { items: text, locations: text, movements: text, seed: text } }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function whole(name: keyof ScaleOptions, text: string | undefined): number {
  const { fallback, min, max } = SETTINGS[name];
  if (text === undefined) return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new StartError(`--${name} must be a whole number from ${String(min)} to ${String(max)}`);
}
