import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixedPort } from '../support/fixed-port.js';
import { PID_FILE } from '../support/guard.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { TcpProxy } from '../support/tcp-proxy.js';

export const METRICS_TOKEN = 'coherence-metrics-token';
const SERVERS = 2;
const START_TRIES = 5;

export interface ClusterOptions {
  readonly databaseUrl: string;
  /** Folders right below it are the processes' own; the guard of the run kills what is left there. */
  readonly scratchDir: string;
}

/** Two servers on one database, which reach one Redis, each over a way of its own. */
export class Cluster {
  private constructor(
    readonly redis: RedisServer,
    readonly servers: readonly [Server, Server],
  ) {}

  static async start({ databaseUrl, scratchDir }: ClusterOptions): Promise<Cluster> {
    const redis = await startRedis({ dir: newFolder(scratchDir) });
    const start = async (): Promise<Server> => {
      const proxy = await TcpProxy.open(redis.port);
      const env = {
        DATABASE_URL: databaseUrl,
        REDIS_URL: `redis://127.0.0.1:${String(proxy.port)}`,
        METRICS_TOKEN,
        LOG_LEVEL: 'warn',
      };
      const server = new Server(newFolder(scratchDir), proxy, env);
      await server.start();
      return server;
    };
    const servers = await Promise.all(Array.from({ length: SERVERS }, start));
    return new Cluster(redis, servers as unknown as [Server, Server]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.redis.kill();
  }
}

function newFolder(scratchDir: string): string {
  return join(scratchDir, `coherence-${randomUUID()}`);
}

/** A server that is started again on the same port. */
export class Server {
  private port = fixedPort();
  private running: ServerProcess | undefined;
  private readonly said: string[] = [];

  constructor(
    private readonly dir: string,
    readonly redisLink: TcpProxy,
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

  async stop(): Promise<void> {
    await this.kill();
    await this.redisLink.close();
  }

  private async startOnce(env: Readonly<Record<string, string>>): Promise<void> {
    const data = join(this.dir, 'data');
    this.running = startServer({ env: { ...this.env, DATA_DIR: data, PORT: String(this.port), ...env } });
    writeFileSync(join(this.dir, PID_FILE), String(this.running.pid));
    await this.running.untilReady();
  }
}
