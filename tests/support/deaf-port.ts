import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Listens with room for one, and never takes anybody in: its thread stands still. */
const LISTENER = `
const { createServer } = require('node:net');
const { parentPort } = require('node:worker_threads');
const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;
const MAX_WAITING = 16;
const PROBE_MS = 150;

/** A port of 127.0.0.1 at which connections are never completed, as behind a firewall that drops what it does not like. */
export class DeafPort {
  private constructor(
    readonly port: number,
    private readonly worker: Worker,
    private readonly waiting: readonly Socket[],
  ) {}

  /** Undefined where this system completes connections that nobody takes. */
  static async open(): Promise<DeafPort | undefined> {
    const worker = new Worker(LISTENER, { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    const waiting: Socket[] = [];
    while (waiting.length < MAX_WAITING) {
      const socket = connect({ port, host: '127.0.0.1' }).on('error', () => undefined);
      waiting.push(socket);
      const connected = once(socket, 'connect').then(
        () => true,
        () => false,
      );
      if (!(await Promise.race([connected, sleep(PROBE_MS, false)]))) return new DeafPort(port, worker, waiting);
    }
    await new DeafPort(port, worker, waiting).close();
    return undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.waiting) socket.destroy();
    await this.worker.terminate();
  }
}
