import { SeededRandom } from '../../seeders/scale/random.js';
import { startBenchServer, untilTrusted, type BenchServer } from './bench-server.js';
import { perRequest, takeCounts, type Counts } from './counts.js';
import { Expected, lostOrDoubled } from './expected.js';
import { connectTo, runLoad } from './load.js';
import type { BenchOptions } from './options.js';
import type { Place } from './place.js';
import type { Stage } from './set-up.js';
import { settingEnv, type Setting, type SettingName } from './settings.js';
import { workload, type WorkloadName } from './workloads.js';

const MEDIAN = 0.5;
const LATE = 0.99;
const SEEDS_PER_ROUND = 1_000;
const WARM_UP_REQUESTS = 500;
const MAX_EXAMPLES = 3;

/** One workload in one setting in one round. */
export interface Cell {
  readonly workload: WorkloadName;
  readonly setting: SettingName;
  readonly round: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** For each request. */
  readonly each: Counts;
  /** All of this machine's processors that somebody else kept busy; undefined where it cannot be told. */
  readonly elsewhereCores: number | undefined;
  readonly faults: number;
}

/** What is measured: with which options, where, and with what requests. */
export interface Bench {
  readonly options: BenchOptions;
  readonly place: Place;
  readonly stage: Stage;
  readonly say: (line: string) => void;
}

/** All workloads in one setting, on servers that are started for it and stopped behind it. */
export async function measureSetting(bench: Bench, setting: Setting, round: number): Promise<Cell[]> {
  const { place, options, say } = bench;
  const env = { DATABASE_URL: place.databaseUrl, ...settingEnv(setting, place.redis?.url) };
  const servers = await Promise.all(Array.from({ length: setting.servers }, () => startBenchServer(place.scratchDir, env)));
  try {
    if (setting.caches && !(await untilTrusted(servers))) say(`${setting.title}: the cache is not used`);
    const cells: Cell[] = [];
    for (const name of options.workloads) {
      const cell = await measureCell(bench, servers, { workload: name, setting: setting.name, round });
      say(progressOf(cell));
      cells.push(cell);
    }
    return cells;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function measureCell(
  { place, stage, options, say }: Bench,
  servers: readonly BenchServer[],
  which: Pick<Cell, 'workload' | 'setting' | 'round'>,
): Promise<Cell> {
  const expected = await Expected.read(place.db, place.shopId, stage);
  const random = new SeededRandom(which.round * SEEDS_PER_ROUND);
  const next = workload(which.workload, stage, expected, random);
  const ports = servers.map(({ port }) => port);
  const connections = connectTo(ports, options.connections);
  const watched = { db: place.db, redis: place.redis, servers };
  try {
    const warmUp = await runLoad(connections, { seconds: options.warmUpSeconds, minRequests: WARM_UP_REQUESTS }, next);
    const before = await takeCounts(watched);
    const result = await runLoad(connections, { seconds: options.seconds }, next);
    const after = await takeCounts(watched);
    const lost = await lostOrDoubled(place.db, place.shopId, expected);
    for (const fault of new Set([...warmUp.examples, ...result.examples, ...lost.slice(0, MAX_EXAMPLES)])) say(`  ${fault}`);
    const at = (rank: number): number => result.latenciesMs[Math.floor(result.latenciesMs.length * rank)] ?? NaN;
    const each = perRequest(before, after, result.requests);
    return {
      ...which,
      requestsPerSecond: result.latenciesMs.length / result.seconds,
      p50Ms: at(MEDIAN),
      p99Ms: at(LATE),
      each,
      elsewhereCores: each.elsewhereCpuMs && Math.max(0, (each.elsewhereCpuMs * result.requests) / (result.seconds * 1000)),
      faults: warmUp.faults + result.faults + lost.length,
    };
  } finally {
    for (const each of connections) each.close();
  }
}

function progressOf({ round, setting, workload: name, requestsPerSecond, elsewhereCores }: Cell): string {
  const others = elsewhereCores === undefined ? '' : `, others keep ${elsewhereCores.toFixed(1)} cores busy`;
  return `round ${String(round)}, ${setting}, ${name}: ${requestsPerSecond.toFixed(0)} requests/s${others}`;
}
