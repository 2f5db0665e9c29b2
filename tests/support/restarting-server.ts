import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixedPort } from './fixed-port.js';
import { PID_FILE } from './guard.js';
import { startServer, type ServerProcess } from './server-process.js';

const START_TRIES = 5;

/** A server that is started again on the same port. */
export class RestartingServer {
  private port = fixedPort();
  private running: ServerProcess | undefined;
  private readonly said: string[] = [];

  constructor(
    private readonly dir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    mkdirSync(dir, { recursive: true });
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get httpPort(): number {
    return this.port;
  }

  /** When the running process ends, whoever ends it. */
  get ended(): Promise<unknown> {
    return this.running?.ended ?? Promise.resolve();
  }

  get output(): string {
    return [...this.said, this.running?.output() ?? ''].join('');
  }

  /** Resolves when it answers. The port of the first start stays. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const isFirst = this.said.length === 0;
    for (let tries = 1; ; tries += 1) {
      try {
        await this.startOnce(env);
        return;
      } catch (error) {
        await this.kill();
        if (tries >= START_TRIES) throw error;
        if (isFirst) this.port = fixedPort();
      }
    }
  }

  /** Like kill -9; it need not be running. */
  async kill(): Promise<void> {
    const { running } = this;
    if (!running) return;
    try {
      running.kill('SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await running.ended;
    this.running = undefined;
    this.said.push(running.output());
    rmSync(join(this.dir, PID_FILE), { force: true });
  }

  private async startOnce(env: Readonly<Record<string, string>>): Promise<void> {
    const data = join(this.dir, 'data');
    this.running = startServer({ env: { ...this.env, DATA_DIR: data, PORT: String(this.port), ...env } });
    writeFileSync(join(this.dir, PID_FILE), String(this.running.pid));
    await this.running.untilReady();
  }
}
