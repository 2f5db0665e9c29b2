import type pg from 'pg';
import { get, type HttpConnection, type Reply } from '../coherence/http-connection.js';
import { sumOf } from '../coherence/metrics.js';
import type { BenchServer } from './bench-server.js';
import { countStatements } from './counts.js';
import type { HerdCase } from './herd-cases.js';
import { ask } from './requests.js';

const FILLS = 'stockroom_cache_fills_total';
const READS = 'stockroom_cache_reads_total';

/** Servers that share a cache, and a connection for each reader. */
export interface Readers {
  readonly db: pg.Client;
  readonly servers: readonly BenchServer[];
  readonly connections: readonly HttpConnection[];
}

/** What one herd cost. */
export interface HerdResult {
  /** Statements that loaded the key; undefined where the database does not count. */
  readonly loads: number | undefined;
  /** By server: values of the region that it put into the cache, and found there. */
  readonly stored: readonly number[];
  readonly hits: readonly number[];
  /** Replies that do not show what the database held when the reads began. */
  readonly wrong: number;
}

/** Lets all readers read the key at once. Nobody may write meanwhile. */
export async function runHerd({ db, servers, connections }: Readers, herd: HerdCase): Promise<HerdResult> {
  // So that no reader comes late for having to connect first.
  await Promise.all(connections.map((connection) => connection.send(get('/livez', 'none'))));
  for (const connection of connections.slice(0, servers.length)) await ask(connection, herd.warm);
  const truth = await herd.truth();
  const before = await count({ db, servers }, herd);
  const replies = await Promise.all(connections.map((connection) => connection.send(herd.read)));
  const after = await count({ db, servers }, herd);
  return {
    loads: before.loads === undefined || after.loads === undefined ? undefined : after.loads - before.loads,
    stored: difference(before.stored, after.stored),
    hits: difference(before.hits, after.hits),
    wrong: replies.filter((reply) => shownBy(reply, herd) !== truth).length,
  };
}

async function count({ db, servers }: Omit<Readers, 'connections'>, { region, table }: HerdCase) {
  const all = await Promise.all(servers.map((server) => server.metrics()));
  return {
    loads: await countStatements(db, table),
    stored: all.map((metrics) => sumOf(metrics, FILLS, { region, result: 'stored' })),
    hits: all.map((metrics) => sumOf(metrics, READS, { region, result: 'hit' })),
  };
}

function difference(before: readonly number[], after: readonly number[]): number[] {
  return after.map((each, index) => each - (before[index] ?? 0));
}

function shownBy({ status, body }: Reply, { shown }: HerdCase): string | undefined {
  const { data } = status === 200 ? (JSON.parse(body) as { data?: unknown }) : {};
  return data === undefined || data === null ? undefined : shown(data as never);
}
