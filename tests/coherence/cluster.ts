import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { RestartingServer } from '../support/restarting-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';

export const METRICS_TOKEN = 'coherence-metrics-token';
const SERVERS = 2;

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

/** A server with its way to Redis. */
export class Server extends RestartingServer {
  constructor(
    dir: string,
    readonly redisLink: TcpProxy,
    env: Readonly<Record<string, string>>,
  ) {
    super(dir, env);
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.redisLink.close();
  }
}
