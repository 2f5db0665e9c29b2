import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { RestartingServer } from '../support/restarting-server.js';

const SERVERS = 2;

export interface ServersOptions {
  readonly databaseUrl: string;
  /** Folders right below it are the processes' own; the guard of the run kills what is left there. */
  readonly scratchDir: string;
  readonly withRedis: boolean;
}

/** Two servers on one database, with or without a cache that they share. */
export class Servers {
  private constructor(
    readonly all: readonly RestartingServer[],
    private readonly redis: RedisServer | undefined,
  ) {}

  static async start({ databaseUrl, scratchDir, withRedis }: ServersOptions): Promise<Servers> {
    const newFolder = () => join(scratchDir, `revocation-${randomUUID()}`);
    const redis = withRedis ? await startRedis({ dir: newFolder() }) : undefined;
    const env = {
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'warn',
      // Whoever is shut out goes on asking, as a stranger.
      STRANGERS_PER_MINUTE: '1000000',
      TRUSTED_PROXIES: '127.0.0.1',
      ...(redis && { REDIS_URL: redis.url }),
    };
    const servers = new Servers(
      Array.from({ length: SERVERS }, () => new RestartingServer(newFolder(), env)),
      redis,
    );
    try {
      await Promise.all(servers.all.map((server) => server.start()));
      return servers;
    } catch (error) {
      await servers.stop();
      throw error;
    }
  }

  get urls(): readonly string[] {
    return this.all.map(({ url }) => url);
  }

  /** What they have written, for somebody who looks for a cause. */
  get output(): string {
    return this.all.map(({ output }) => output).join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((server) => server.kill()));
    await this.redis?.kill();
  }
}
