import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection, post } from '../coherence/http-connection.js';

/** A hundred times a second. */
const EVERY_MS = 10;
/** Uses of one server that wait for an answer at once; beyond them it is not asked. */
const MAX_WAITING = 100;
const REFUSALS = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

/** Times by performance.now(). */
export interface Use {
  readonly server: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly isLetIn: boolean;
}

interface Reply {
  readonly data?: object | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** One credential in use, a hundred times a second, at each server in turn. A use does not wait for the answer to the one before. */
export class Uses {
  readonly answered: Use[] = [];
  /** Neither let in nor refused. */
  readonly faults: string[] = [];
  private readonly request: string;
  private readonly servers: readonly { readonly port: number; readonly idle: HttpConnection[]; waiting: number }[];
  private readonly asked = new Set<Promise<void>>();
  private isOver = false;
  private readonly work: Promise<void>;

  constructor(ports: readonly number[], secret: string, query: string) {
    this.servers = ports.map((port) => ({ port, idle: [], waiting: 0 }));
    this.request = post('/graphql', secret, JSON.stringify({ query }));
    this.work = this.goOn();
  }

  /** Waits for what was asked. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.work;
    await Promise.all(this.asked);
    for (const { idle } of this.servers) for (const connection of idle) connection.close();
  }

  private async goOn(): Promise<void> {
    const begun = performance.now();
    for (let turn = 0; !this.isOver; turn += 1) {
      // Who comes late makes up for it, but lets others have their turns.
      await sleep(Math.max(0, begun + turn * EVERY_MS - performance.now()));
      const use = this.use(turn % this.servers.length);
      this.asked.add(use);
      void use.finally(() => this.asked.delete(use));
    }
  }

  /** Never rejects. */
  private async use(index: number): Promise<void> {
    const server = this.servers[index];
    if (!server || server.waiting >= MAX_WAITING) return;
    const connection = server.idle.pop() ?? new HttpConnection(server.port);
    server.waiting += 1;
    const sentAt = performance.now();
    try {
      const { body } = await connection.send(this.request);
      const answeredAt = performance.now();
      const isLetIn = wasLetIn(body);
      if (isLetIn === undefined) this.faults.push(body);
      else this.answered.push({ server: index, sentAt, answeredAt, isLetIn });
    } catch (error) {
      this.faults.push(String(error));
    } finally {
      server.waiting -= 1;
      server.idle.push(connection);
    }
  }
}

function wasLetIn(body: string): boolean | undefined {
  const { data, errors } = JSON.parse(body) as Reply;
  if (!errors) return data ? true : undefined;
  return errors.every(({ extensions }) => REFUSALS.has(extensions?.code ?? '')) ? false : undefined;
}
