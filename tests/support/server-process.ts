import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = join(ROOT, 'dist', 'src', 'main.js');
const READY_LINE = 'Ctrl-C stops it.';
const BUILD_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const READY_TIMEOUT_MS = 40_000;

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its arguments to run instead of the built server, such as npm. */
  readonly command?: readonly [string, ...string[]];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  readonly pid: number;
  readonly ended: Promise<Exit>;
  /** All it has written so far, both streams. */
  output(): string;
  /** Resolves with the server's address when it says that it is ready; rejects when it ends instead. */
  untilReady(): Promise<string>;
  untilOutput(text: string): Promise<void>;
  /** `group` sends it to every process of the group, as a terminal's Ctrl-C does. */
  kill(signal: NodeJS.Signals, to?: 'process' | 'group'): void;
}

/** Builds what `npm start` runs. Test files do so at once: they take turns, so that nobody runs what is half written. */
export function buildServer(): void {
  const require = createRequire(import.meta.url);
  const compile = [require.resolve('typescript/bin/tsc'), '-b', 'tsconfig.start.json'];
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const turn = new DatabaseSync(join(ROOT, 'dist', 'build.lock'), { timeout: BUILD_TIMEOUT_MS });
  try {
    turn.exec('BEGIN EXCLUSIVE');
    execFileSync(process.execPath, compile, { cwd: ROOT, stdio: 'inherit' });
  } finally {
    turn.close();
  }
}

export const builtServer = [process.execPath, ENTRY] as const;

/** A data folder that the end of the run stops and removes, whatever happens before. It does not exist yet. */
export function newDataDir(): string {
  return join(inject('scratchDir'), `data-${randomUUID()}`);
}

let used: Promise<string> | undefined;

/** A data folder of a server that has run before, demo shop and all: a copy of the test file's first takes a fraction of a first start. */
export async function usedDataDir(): Promise<string> {
  used ??= startOnce();
  const copy = newDataDir();
  // Owners and modes have to stay: PostgreSQL refuses a folder that others may read.
  execFileSync('cp', ['-a', await used, copy]);
  return copy;
}

async function startOnce(): Promise<string> {
  const dataDir = newDataDir();
  const server = startServer({ env: { DATA_DIR: dataDir } });
  await server.untilReady();
  server.kill('SIGTERM');
  await server.ended;
  return dataDir;
}

const started: ChildProcess[] = [];

/** Starts a server in a process group of its own, with no setting but these and a free port. */
export function startServer({ env = {}, command = builtServer }: ServerOptions = {}): ServerProcess {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const pid = child.pid ?? 0;
  const untilOutput = (wanted: string): Promise<void> => untilSaid(() => text, wanted, ended);
  return {
    pid,
    ended,
    output: () => text,
    untilOutput,
    untilReady: async () => {
      await untilOutput(READY_LINE);
      await untilOutput('/readyz');
      return /GraphQL +(\S+)\/graphql/.exec(text)?.[1] ?? '';
    },
    kill: (signal, to = 'process') => process.kill(to === 'group' ? -pid : pid, signal),
  };
}

async function untilSaid(text: () => string, wanted: string, ended: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  void ended.then(() => {
    patience.abort();
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!text().includes(wanted)) {
    if (patience.signal.aborted || Date.now() > deadline) throw new Error(`the server did not say "${wanted}" but:\n${text()}`);
    await sleep(POLL_MS);
  }
}

/** For afterEach: no server outlives the test that started it, also where the test failed. */
export function killStarted(): void {
  for (const { pid, exitCode, signalCode } of started.splice(0)) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
}

/** The embedded server's own account, as its owner may read it from the data folder. */
export function embeddedUrl(dataDir: string): string {
  const password = readFileSync(join(dataDir, 'pg', 'stockroom.password'), 'utf8').trim();
  const port = readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[3] ?? '';
  return `postgres://stockroom:${password}@127.0.0.1:${port}/stockroom`;
}

/** The pid of the PostgreSQL that has the folder now. */
export function embeddedPid(dataDir: string): number | undefined {
  const file = join(dataDir, 'pg', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

/** A process that has ended but that nobody has asked about (a zombie of a container without an init) is not alive. */
export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
