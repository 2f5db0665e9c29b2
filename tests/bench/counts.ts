import type pg from 'pg';
import { sumOf } from '../coherence/metrics.js';
import type { RedisServer } from '../support/redis-server.js';
import type { BenchServer } from './bench-server.js';
import { familyCpuMs, machineCpuMs, parentOf, processCpuMs } from './process-cpu.js';

/** Running totals. What the machine or the database does not tell is undefined. */
export interface Counts {
  /** That clients sent to the database; BEGIN and COMMIT are statements too. */
  readonly statements: number | undefined;
  readonly roundTrips: number;
  /** Those inside of scripts too. */
  readonly redisCommands: number | undefined;
  readonly cacheReads: number;
  readonly cacheHits: number;
  readonly serverCpuMs: number | undefined;
  /** Of the whole database server, and so of its other users too. */
  readonly postgresCpuMs: number | undefined;
  readonly redisCpuMs: number | undefined;
  /** Of everybody else on the machine, the load that is measured with excepted. */
  readonly elsewhereCpuMs: number | undefined;
}

export interface Watched {
  readonly db: pg.Client;
  readonly redis: RedisServer | undefined;
  readonly servers: readonly BenchServer[];
}

const READS = 'stockroom_cache_reads_total';
const ROUND_TRIPS = 'stockroom_redis_round_trips_total';
/** Sent by the benchmark itself. */
const OWN_COMMANDS = /^cmdstat_(info|command)/;

export async function takeCounts({ db, redis, servers }: Watched): Promise<Counts> {
  const all = await Promise.all(servers.map((server) => server.metrics()));
  const total = (name: string, labels?: Readonly<Record<string, string>>): number =>
    all.reduce((sum, metrics) => sum + sumOf(metrics, name, labels), 0);
  return {
    statements: await countStatements(db),
    roundTrips: total(ROUND_TRIPS),
    cacheReads: total(READS),
    cacheHits: total(READS, { result: 'hit' }),
    redisCommands: redis && commandsOf(await redis.ask('INFO', 'commandstats')),
    ...(await cpuTimes({ db, redis, servers })),
  };
}

/** What came to be between the two, for each of so many requests. */
export function perRequest(before: Counts, after: Counts, requests: number): Counts {
  const names = Object.keys(after) as (keyof Counts)[];
  const each = names.map((name) => {
    const [from, to] = [before[name], after[name]];
    return [name, from === undefined || to === undefined ? undefined : (to - from) / requests] as const;
  });
  return { ...after, ...Object.fromEntries(each) };
}

/** False where the server was not started with pg_stat_statements: then statements are not counted. */
export async function beginCounting(db: pg.Client): Promise<boolean> {
  const { rows } = await db.query<{ setting: string }>("select setting from pg_settings where name = 'shared_preload_libraries'");
  if (!rows[0]?.setting.includes('pg_stat_statements')) return false;
  await db.query('create extension if not exists pg_stat_statements');
  return true;
}

/** How often statements ran that this expression matches; undefined where the server does not count. */
export async function countStatements(db: pg.Client, matching = ''): Promise<number | undefined> {
  const { rows: counting } = await db.query<{ name: string | null }>("select to_regclass('pg_stat_statements') as name");
  if (counting[0]?.name == null) return undefined;
  const { rows } = await db.query<{ calls: string }>(
    `select coalesce(sum(calls), 0) as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and toplevel
       and query not like '%pg_stat_statements%' and query ~* $1`,
    [matching],
  );
  return Number(rows[0]?.calls);
}

async function cpuTimes({ db, redis, servers }: Watched) {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(rows[0]?.pid ?? 0, 'postgres');
  const serverCpuMs = sum(servers.map(({ pid }) => processCpuMs(pid)));
  const postgresCpuMs = postmaster && familyCpuMs(postmaster);
  const redisCpuMs = redis?.pid && processCpuMs(redis.pid);
  const { user, system } = process.cpuUsage();
  const own = (serverCpuMs ?? 0) + (postgresCpuMs ?? 0) + (redisCpuMs ?? 0) + (user + system) / 1000;
  const machine = machineCpuMs();
  return { serverCpuMs, postgresCpuMs, redisCpuMs, elsewhereCpuMs: machine === undefined ? undefined : machine - own };
}

function commandsOf(info: string): number {
  const lines = info.split('\n').filter((line) => line.startsWith('cmdstat_') && !OWN_COMMANDS.test(line));
  return lines.reduce((total, line) => total + Number(/:calls=(\d+)/.exec(line)?.[1] ?? 0), 0);
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
}
