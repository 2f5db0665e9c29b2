import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLost, type HttpConnection, type Reply } from './http-connection.js';
import type { Read } from './reads.js';
import type { Traffic } from './traffic.js';
import { pick, type Write } from './writes.js';

const HTTP_OK = 200;
/** While both servers are away for a moment. */
const RETRY_MS = 20;
/** A server that was killed is back long before. */
const MAX_RETRIES = 500;

/** One client with a connection to each server; it asks one thing at a time. */
export class Client {
  /** The one that answered last. */
  private answeredBy = 0;

  /** `traffic`: of the phase that runs. */
  constructor(
    private readonly links: readonly HttpConnection[],
    private readonly traffic: () => Traffic,
  ) {}

  close(): void {
    for (const link of this.links) link.close();
  }

  /** Records what it sees; never rejects. */
  async read(read: Read): Promise<void> {
    const traffic = this.traffic();
    const begun = traffic.judge.begin(read.subjects);
    const { request, look } = read.begin();
    try {
      const reply = await this.timed('read', () => this.send(request, this.anyServer()));
      const { data, errors } = JSON.parse(reply.body) as { data?: unknown; errors?: unknown };
      if (reply.status !== HTTP_OK || errors !== undefined || !data) throw new Error(`${String(reply.status)} ${reply.body}`);
      traffic.judge.end(begun, look(data as never), `${read.name}, server ${String(this.answeredBy + 1)}`);
      traffic.reads += 1;
    } catch (error) {
      traffic.fail(`${read.name}: ${String(error)}`);
    }
  }

  /** Records what it sees; never rejects. */
  async write(write: Write): Promise<void> {
    const traffic = this.traffic();
    try {
      const reply = await this.timed('write', () => this.send(write.request, this.anyServer()));
      await write.settle(reply);
      traffic.writes += 1;
    } catch (error) {
      traffic.fail(`${write.name}: ${String(error)}`);
    } finally {
      write.done?.();
    }
  }

  /** In a phase that kills servers, what is not answered is sent again as it is, through the other server. */
  async send(request: string, server: number): Promise<Reply> {
    const traffic = this.traffic();
    for (let tries = 0; ; tries += 1) {
      this.answeredBy = (server + tries) % this.links.length;
      const link = this.links[this.answeredBy];
      if (!link) throw new Error('no server');
      try {
        return await link.send(request);
      } catch (error) {
        if (!(error instanceof ConnectionLost && traffic.retriesLost) || tries >= MAX_RETRIES) throw error;
        traffic.retries += 1;
        if (tries > 0) await sleep(RETRY_MS);
      }
    }
  }

  private anyServer(): number {
    return pick([...this.links.keys()]);
  }

  private async timed(kind: 'read' | 'write', send: () => Promise<Reply>): Promise<Reply> {
    const { latencies, stage } = this.traffic();
    const window = stage.window();
    const startedAt = performance.now();
    const reply = await send();
    latencies.add(kind, window, performance.now() - startedAt);
    return reply;
  }
}
