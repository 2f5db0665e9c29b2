import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { HttpWebhookSender, type WebhookSenderOptions } from '../../../src/adapters/webhook/http-webhook-sender.js';
import { readAllowedHost } from '../../../src/platform/allowed-host.js';
import { createLogger } from '../../../src/platform/log.js';
import { NO_OUTBOUND_METRICS } from '../../../src/platform/outbound-metrics.js';

type Changes = Partial<Omit<WebhookSenderOptions, 'allowedHosts'>> & { readonly allowed?: readonly string[] };

const TOOLS = { log: createLogger({ level: 'silent' }), metrics: NO_OUTBOUND_METRICS };
/** Short enough for a test, long enough for a busy machine. */
const QUICK = { timeouts: { connectMs: 500, secureConnectMs: 500, responseMs: 500, attemptMs: 1_000, totalMs: 5_000 } };

export function openSender({ allowed = [], tools, policy, ...others }: Changes = {}): HttpWebhookSender {
  const allowedHosts = allowed.flatMap((text) => readAllowedHost(text) ?? []);
  const sender = new HttpWebhookSender({
    allowedHosts,
    tools: { ...TOOLS, ...tools },
    policy: { ...QUICK, ...policy },
    ...others,
  });
  onTestFinished(() => {
    sender.close();
  });
  return sender;
}

/** As the one endpoint that there is of each origin, unless another is named. */
export function post(sender: HttpWebhookSender, url: string, endpoint = new URL(url).origin) {
  const request = { endpoint, url, headers: { 'content-type': 'application/json', 'webhook-id': 'x' }, body: '{"a":1}' };
  return sender.send(request, AbortSignal.timeout(30_000));
}

/** A look-up of names as the test has it: what each call answers, in their order; the last one stays. */
export function lookupOf(...answers: readonly [readonly string[], ...(readonly string[])[]]) {
  const asked: string[] = [];
  let next = 0;
  const lookup: LookupFunction = (hostname, options, callback) => {
    asked.push(hostname);
    const addresses = (answers[Math.min(next, answers.length - 1)] ?? []).map((address): LookupAddress => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    next += 1;
    const [first] = addresses;
    if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  };
  return { asked, lookup };
}

/** Counts who connects at one port of several loopback addresses; those that this system does not have are left out. */
export class Tripwires {
  /** The address of each that was connected to, in their order. */
  readonly tripped: string[] = [];
  private readonly servers: Server[] = [];

  static async open(hosts: readonly string[]): Promise<Tripwires & { readonly port: number }> {
    for (;;) {
      const wires = new Tripwires();
      const port = await wires.listenAt('127.0.0.1', 0);
      const others = await Promise.all(hosts.map((host) => wires.listenAt(host, port ?? 0)));
      if (port !== undefined && !others.includes(IN_USE)) return Object.assign(wires, { port });
      wires.close();
    }
  }

  close(): void {
    for (const server of this.servers) server.close();
  }

  private async listenAt(host: string, port: number): Promise<number | undefined> {
    const server = createServer((socket) => {
      this.tripped.push(host);
      socket.on('error', () => undefined).end();
    });
    this.servers.push(server);
    try {
      server.listen(port, host);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? IN_USE : undefined;
    }
  }
}

const IN_USE = -1;
