import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { fixedPort } from './fixed-port.js';
import { PID_FILE } from './guard.js';

const SERVER = 'redis-server';
const CLIENT = 'redis-cli';
const LOG_FILE = 'redis.log';
const START_TRIES = 5;
const POLL_MS = 10;
const READY_TIMEOUT_MS = 10_000;
const COMMAND_TIMEOUT_MS = 5_000;

export interface RedisOptions {
  /** A folder of its own; one in the run's scratch folder if not given. */
  readonly dir?: string;
  /** Settings of redis.conf besides the usual ones, such as { maxmemory: '1mb' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

export function redisAvailable(): boolean {
  return [SERVER, CLIENT].every((program) => spawnSync(program, ['--version']).status === 0);
}

/** A real Redis on a port of its own, which answers when the promise resolves. It saves nothing by itself. */
export async function startRedis({ dir, settings = {} }: RedisOptions = {}): Promise<RedisServer> {
  const home = dir ?? join(inject('scratchDir'), `redis-${randomUUID()}`);
  mkdirSync(home, { recursive: true });
  for (let tries = 1; ; tries += 1) {
    const server = new RedisServer(home, fixedPort(), settings);
    try {
      await server.restart();
      return server;
    } catch (error) {
      // Most likely somebody else has the port.
      if (tries >= START_TRIES) throw error;
    }
  }
}

/** The end of the run kills what a test leaves running, by the file that holds the process's id. */
export class RedisServer {
  readonly url: string;
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly dir: string,
    readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.url = `redis://127.0.0.1:${String(port)}`;
  }

  /** Undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Like kill -9; resolves when the process is gone, frozen or not. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.end('SIGTERM');
  }

  /** On the same port with what the last snapshot holds; empty if there is none. Kills the one that runs. */
  async restart(): Promise<void> {
    await this.kill();
    const child = spawn(SERVER, this.args(), { cwd: this.dir, detached: true, stdio: 'ignore' });
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once('error', () => {
        resolve();
      });
      child.once('exit', () => {
        resolve();
      });
    });
    await this.untilReady(child);
  }

  /** Its connections stay open and nobody is answered. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Saves all it holds now; each later start brings it back. */
  async snapshot(): Promise<void> {
    const reply = await this.ask('SAVE');
    if (reply !== 'OK') throw new Error(`Redis did not save: ${reply}`);
  }

  /** The answer to one command, over a connection of its own. */
  async ask(...words: readonly string[]): Promise<string> {
    const options = { timeout: COMMAND_TIMEOUT_MS };
    const { stdout } = await promisify(execFile)(CLIENT, ['-h', '127.0.0.1', '-p', String(this.port), ...words], options);
    return stdout.trim();
  }

  private args(): string[] {
    const settings = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.dir,
      logfile: join(this.dir, LOG_FILE),
      pidfile: join(this.dir, PID_FILE),
      save: '',
      ...this.settings,
    };
    return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (child.exitCode === null && child.pid !== undefined && Date.now() < deadline) {
      // Another Redis may answer on the port: this one answers for itself.
      const answer = await this.ask('INFO', 'server').catch(() => '');
      if (answer.includes(`process_id:${String(child.pid)}\r`)) return;
      await sleep(POLL_MS);
    }
    await this.kill();
    throw new Error(`Redis did not start on port ${String(this.port)}:\n${readLog(join(this.dir, LOG_FILE))}`);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child?.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.ended;
    this.child = undefined;
    rmSync(join(this.dir, PID_FILE), { force: true });
  }
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'it wrote no log';
  }
}
