import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type State = 'open' | 'cut' | 'blackhole' | 'stalled';

/** One connection through the proxy: the caller's end, and the end at the target once there is one. */
interface Link {
  readonly near: Socket;
  far?: Socket;
}

/**
 * A way to a port of 127.0.0.1 that can be disturbed. Cut: connections are reset, new ones too. Blackhole: they stay open and what is sent
 * is lost. Stall: they stay open and what is sent arrives when the way is healed.
 */
export class TcpProxy {
  private state: State = 'open';
  private readonly links = new Set<Link>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (near) => {
      this.accept(near);
    });
  }

  static async open(target: number): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections have come while the way was stalled and wait for its healing. */
  get waiting(): number {
    return [...this.links].filter(({ far }) => !far).length;
  }

  /** Resets all connections, and each new one as soon as it is there. */
  cut(): void {
    this.state = 'cut';
    this.resetAll();
  }

  /** Connections stay open, new ones are accepted, and nothing is forwarded either way, neither now nor later. */
  blackhole(): void {
    this.state = 'blackhole';
    for (const link of this.links) resume(link);
  }

  /** Connections stay open, new ones are accepted, and nothing is forwarded either way until the way is healed. */
  stall(): void {
    this.state = 'stalled';
    for (const { near, far } of this.links) {
      near.pause();
      far?.pause();
    }
  }

  /** Forwards again. Connections that have lost something are reset; those that were stalled go on with what was held back. */
  heal(): void {
    const before = this.state;
    this.state = 'open';
    if (before === 'blackhole') this.resetAll();
    for (const link of this.links) {
      if (!link.far) this.reach(link);
      resume(link);
    }
  }

  async close(): Promise<void> {
    this.resetAll();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }

  private accept(near: Socket): void {
    const link: Link = { near };
    this.links.add(link);
    near.setNoDelay(true);
    this.watch(link, near);
    near.on('data', (chunk) => {
      this.forward(chunk, near, link.far);
    });
    if (this.state === 'cut') this.reset(link);
    else if (this.state === 'open') this.reach(link);
    else if (this.state === 'stalled') near.pause();
  }

  private reach(link: Link): void {
    const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    link.far = far;
    this.watch(link, far);
    far.on('data', (chunk) => {
      this.forward(chunk, far, link.near);
    });
  }

  /** An end that is closed takes the other with it, in the same manner. */
  private watch(link: Link, end: Socket): void {
    end.on('error', () => undefined);
    end.on('close', (hadError) => {
      this.links.delete(link);
      if (hadError) this.reset(link);
      else (end === link.near ? link.far : link.near)?.destroySoon();
    });
  }

  private forward(chunk: Buffer | string, from: Socket, to: Socket | undefined): void {
    if (this.state === 'blackhole' || !to) return;
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => {
      if (this.state !== 'stalled') from.resume();
    });
  }

  private reset(link: Link): void {
    this.links.delete(link);
    for (const end of [link.near, link.far]) if (end && !end.destroyed) end.resetAndDestroy();
  }

  private resetAll(): void {
    for (const link of this.links) this.reset(link);
  }
}

function resume({ near, far }: Link): void {
  near.resume();
  far?.resume();
}
