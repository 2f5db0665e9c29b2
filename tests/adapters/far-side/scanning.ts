import { setTimeout as sleep } from 'node:timers/promises';
import { checkDigit } from '../../../src/kernel/gtin.js';
import { beepRequest } from '../../bench/requests.js';
import type { HttpConnection } from '../../coherence/http-connection.js';

/** One scan in so many is of a code that nobody knows. */
const UNKNOWN_EVERY = 8;
const SCANNERS = 8;
const SCANS_PER_SECOND = 80;
const OK = 200;
const ACCEPTED = 202;
const DIGITS = 9;
const MAX_EXAMPLES = 3;

export interface Scans {
  /** Of good replies. */
  readonly latenciesMs: number[];
  readonly faults: string[];
  /** How many codes that nobody knows were scanned. */
  unknown: number;
}

export function noScans(): Scans {
  return { latenciesMs: [], faults: [], unknown: 0 };
}

let made = 0;
function unknownCode(): string {
  made += 1;
  const digits = `601${String(made).padStart(DIGITS, '0')}`;
  return digits + checkDigit(digits);
}

/** What scanners have at hand. */
export interface Scanners {
  readonly connections: readonly HttpConnection[];
  readonly deviceKeys: readonly string[];
  readonly knownCodes: readonly string[];
}

/** So many scanners beep at an even pace, whatever the server does, until the time is over or `isDone` says so; what they see is added to `seen`. */
export async function scan(
  { connections, deviceKeys, knownCodes }: Scanners,
  seen: Scans,
  { seconds, isDone }: { readonly seconds: number; readonly isDone?: () => boolean },
): Promise<void> {
  const everyMs = (1_000 * SCANNERS) / SCANS_PER_SECOND;
  const endsAt = performance.now() + seconds * 1_000;
  const scanner = async (connection: HttpConnection, index: number): Promise<void> => {
    let dueAt = performance.now() + (everyMs * index) / SCANNERS;
    for (let beep = index; dueAt < endsAt && isDone?.() !== true; beep += 1, dueAt += everyMs) {
      await sleep(Math.max(0, dueAt - performance.now()));
      const isUnknown = beep % UNKNOWN_EVERY === 0;
      const code = isUnknown ? unknownCode() : (knownCodes[beep % knownCodes.length] ?? '');
      const key = deviceKeys[(beep * SCANNERS + index) % deviceKeys.length] ?? '';
      const sentAt = performance.now();
      const reply = await connection.send(beepRequest(key, code, beep % 2 === 0 ? 'SALE' : 'LOOKUP'));
      if (isUnknown) seen.unknown += 1;
      if (reply.status === (isUnknown ? ACCEPTED : OK)) seen.latenciesMs.push(performance.now() - sentAt);
      else if (seen.faults.length < MAX_EXAMPLES) seen.faults.push(`${String(reply.status)} ${reply.body.slice(0, 200)}`);
    }
  };
  await Promise.all(connections.slice(0, SCANNERS).map(scanner));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
