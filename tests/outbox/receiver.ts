import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Arrival {
  /** The id under which it was sent: the same for every try. */
  readonly id: string;
  readonly atMs: number;
}

/** The far side: a shop owner's own server, which notes what it was told of each movement, and says yes to everything. */
export class Receiver {
  /** By the movement's id. */
  readonly arrivals = new Map<string, Arrival[]>();

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const { data } = JSON.parse(body) as { data: { id: string } };
        const arrival = { id: String(request.headers['webhook-id']), atMs: Date.now() };
        receiver.arrivals.set(data.id, [...(receiver.arrivals.get(data.id) ?? []), arrival]);
        response.writeHead(204).end();
      });
    });
    const receiver = new Receiver(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
