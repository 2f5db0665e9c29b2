import { parseArgs } from 'node:util';
import { BenchError } from './bench-error.js';
import { SETTINGS, type Setting } from './settings.js';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads.js';

export interface BenchOptions {
  /** Of each measurement, after its warm-up. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** In the shop. */
  readonly items: number;
  readonly workloads: readonly WorkloadName[];
  readonly settings: readonly Setting[];
}

interface WholeNumber {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

const NUMBERS = {
  seconds: { fallback: 5, min: 1, max: 600 },
  'warm-up': { fallback: 3, min: 1, max: 60 },
  rounds: { fallback: 3, min: 1, max: 100 },
  connections: { fallback: 32, min: 1, max: 1_000 },
  items: { fallback: 5_000, min: 1_000, max: 1_000_000 },
} satisfies Record<string, WholeNumber>;
const SETTING_NAMES = SETTINGS.map(({ name }) => name);
const USAGE =
  'usage: npm run bench -- [--seconds 5] [--warm-up 3] [--rounds 3] [--connections 32] [--items 5000]\n' +
  `  [--only ${WORKLOAD_NAMES.join(',')}] [--settings ${SETTING_NAMES.join(',')}]`;

/** Refuses with a BenchError what cannot be measured. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const given = parsed(args);
  return {
    seconds: whole('seconds', given.seconds),
    warmUpSeconds: whole('warm-up', given['warm-up']),
    rounds: whole('rounds', given.rounds),
    connections: whole('connections', given.connections),
    items: whole('items', given.items),
    workloads: chosen('only', WORKLOAD_NAMES, given.only),
    settings: chosen('settings', SETTING_NAMES, given.settings).flatMap((name) => SETTINGS.filter((each) => each.name === name)),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    seconds: text,
    'warm-up': text,
    rounds: text,
    connections: text,
    items: text,
    only: text,
    settings: text,
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function whole(name: keyof typeof NUMBERS, text: string | undefined): number {
  const { fallback, min, max } = NUMBERS[name];
  if (text === undefined) return fallback;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new BenchError(`--${name} must be a whole number from ${String(min)} to ${String(max)}\n${USAGE}`);
}

/** In the order of the list, whatever the order in which they were asked for; all of them where nothing was. */
function chosen<Name extends string>(option: string, names: readonly Name[], text: string | undefined): Name[] {
  const wanted = text?.split(',').map((each) => each.trim()) ?? names;
  const unknown = wanted.filter((each) => !(names as readonly string[]).includes(each));
  if (unknown.length > 0) throw new BenchError(`--${option} knows ${names.join(', ')}, not ${unknown.join(', ')}\n${USAGE}`);
  return names.filter((name) => wanted.includes(name));
}
