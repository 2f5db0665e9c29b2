import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS_TOKEN, type Cluster } from './cluster.js';
import { get, HttpConnection } from './http-connection.js';
import { parseMetrics, sumOf } from './metrics.js';

const SAMPLE_MS = 200;
const READS = 'stockroom_cache_reads_total';
const HTTP_OK = 200;
/** The region that has to pay: levels are read most and change most. */
const REGION = 'levels';

interface Sample {
  readonly reads: number;
  readonly hits: number;
  readonly at: number;
}

/** What one server says of its cache, sample after sample; a server that starts again counts from 0. */
class CacheLog {
  reads = 0;
  hits = 0;
  /** Whether it has ever said how often the cache was hit. */
  isKnown = false;
  /** When the sample before the last rise of the hits was taken. */
  roseAfter = -Infinity;
  private last: Sample | undefined;
  private readonly connection: HttpConnection;

  constructor(port: number) {
    this.connection = new HttpConnection(port);
  }

  async sample(): Promise<void> {
    const at = performance.now();
    const reply = await this.connection.send(get('/metrics', METRICS_TOKEN)).catch(() => undefined);
    if (reply?.status !== HTTP_OK) return;
    const metrics = parseMetrics(reply.body);
    const now = {
      reads: sumOf(metrics, READS, { region: REGION }),
      hits: sumOf(metrics, READS, { region: REGION, result: 'hit' }),
      at,
    };
    this.add(this.last && now.reads < this.last.reads ? { ...this.last, reads: 0, hits: 0 } : (this.last ?? now), now);
    this.isKnown ||= now.reads > 0;
    this.last = now;
  }

  close(): void {
    this.connection.close();
  }

  private add(before: Sample, now: Sample): void {
    this.reads += now.reads - before.reads;
    this.hits += now.hits - before.hits;
    if (now.hits > before.hits) this.roseAfter = before.at;
  }
}

/** Watches how often each server finds levels in the cache, and how soon it does again after a fault. */
export class CacheWatch {
  /** The longest that any fault's end had to wait for all servers' hits; faults that were followed by the next too soon are left out. */
  worstRecoveryMs = 0;
  private readonly logs: readonly CacheLog[];
  private isOn = true;
  private overAt: number | undefined;
  private readonly loop: Promise<void>;

  constructor(cluster: Cluster) {
    this.logs = cluster.servers.map(({ httpPort }) => new CacheLog(httpPort));
    this.loop = this.watch();
  }

  /** Whether all servers tell of a cache; a server without one has nothing to win back. */
  get isKnown(): boolean {
    return this.logs.every((log) => log.isKnown);
  }

  /** The share of hits, server by server; undefined for a server that has read nothing through a cache. */
  get hitShares(): (number | undefined)[] {
    return this.logs.map(({ reads, hits }) => (reads > 0 ? hits / reads : undefined));
  }

  faultBegins(): void {
    this.overAt = undefined;
  }

  faultIsOver(): void {
    this.overAt = performance.now();
  }

  /** Whether both servers hit their cache again within this time. */
  async hitsAgain(withinMs: number): Promise<boolean> {
    this.overAt ??= performance.now();
    const deadline = this.overAt + withinMs + SAMPLE_MS;
    while (this.isRecovering() && performance.now() < deadline) await sleep(SAMPLE_MS);
    return !this.isRecovering();
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await this.loop;
    for (const log of this.logs) log.close();
  }

  private isRecovering(): boolean {
    return this.overAt !== undefined;
  }

  private async watch(): Promise<void> {
    while (this.isOn) {
      await Promise.all(this.logs.map((log) => log.sample()));
      this.lookForRecovery();
      await sleep(SAMPLE_MS);
    }
  }

  private lookForRecovery(): void {
    const { overAt } = this;
    if (overAt === undefined || !this.logs.every(({ roseAfter }) => roseAfter >= overAt)) return;
    this.worstRecoveryMs = Math.max(this.worstRecoveryMs, performance.now() - overAt);
    this.overAt = undefined;
  }
}
