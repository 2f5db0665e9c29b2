import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { freePort } from '../../src/platform/postgres/free-port.js';
import { parseMetrics, type Metrics } from '../coherence/metrics.js';
import { PID_FILE } from '../support/guard.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { BenchError } from './bench-error.js';

const METRICS_TOKEN = 'benchmark-metrics-token';
const POLL_MS = 50;
const READY_TIMEOUT_MS = 30_000;
/** Members of an earlier setting have to leave, or their leases to run out. */
const TRUST_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 15_000;
const LAST_WORDS_MS = 500;
const SHOWN_CHARACTERS = 4_000;
const TRUSTED = 'stockroom_cache_trusted';

/** The built program in a process of its own. */
export interface BenchServer {
  readonly pid: number;
  readonly port: number;
  metrics(): Promise<Metrics>;
  stop(): Promise<void>;
}

/** Starts it as an operator does in production, access log left out. Resolves when it is ready. */
export async function startBenchServer(scratchDir: string, env: Readonly<Record<string, string>>): Promise<BenchServer> {
  const port = await freePort();
  const running = startServer({ env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', PORT: String(port), METRICS_TOKEN, ...env } });
  keepPid(scratchDir, running.pid);
  const url = `http://127.0.0.1:${String(port)}`;
  await untilReady(url, running);
  return { pid: running.pid, port, metrics: () => readMetrics(url, running), stop: () => stop(running) };
}

/** Waits until all of them use their caches; false where they do not in time. */
export async function untilTrusted(servers: readonly BenchServer[]): Promise<boolean> {
  const deadline = Date.now() + TRUST_TIMEOUT_MS;
  for (;;) {
    const all = await Promise.all(servers.map((server) => server.metrics()));
    if (all.every((metrics) => metrics.get(TRUSTED) === 1)) return true;
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}

/** Where the guard of the run finds it, should this process be killed. */
function keepPid(scratchDir: string, pid: number): void {
  const folder = join(scratchDir, `server-${String(pid)}`);
  mkdirSync(folder);
  writeFileSync(join(folder, PID_FILE), String(pid));
}

async function untilReady(url: string, running: ServerProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const end = new AbortController();
  void running.ended.then(() => {
    end.abort();
  });
  while (Date.now() < deadline && !end.signal.aborted) {
    const reply = await fetch(`${url}/readyz`).catch(() => undefined);
    await reply?.body?.cancel();
    if (reply?.ok) return;
    await sleep(POLL_MS);
  }
  throw new BenchError(`a server did not become ready; the last that it said was:\n${lastWords(running)}`);
}

async function readMetrics(url: string, running: ServerProcess): Promise<Metrics> {
  try {
    const reply = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    const text = await reply.text();
    if (!reply.ok) throw new Error(text);
    return parseMetrics(text);
  } catch (error) {
    // A server that ended by itself, or by somebody else, is no server to measure. How it ended may be known a moment later.
    const ended = await Promise.race([running.ended, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    const what = ended === undefined ? `does not answer (${inspect(error)})` : `ended with ${String(ended.code ?? ended.signal)}`;
    throw new BenchError(`a server ${what}; the last that it said was:\n${lastWords(running)}`);
  }
}

function lastWords(running: ServerProcess): string {
  return running.output().slice(-SHOWN_CHARACTERS);
}

async function stop(running: ServerProcess): Promise<void> {
  const late = sleep(STOP_TIMEOUT_MS, undefined, { ref: false });
  signal(running, 'SIGTERM');
  if ((await Promise.race([running.ended, late])) === undefined) signal(running, 'SIGKILL');
  await running.ended;
}

function signal(running: ServerProcess, name: NodeJS.Signals): void {
  try {
    running.kill(name);
  } catch {
    // It has ended.
  }
}
