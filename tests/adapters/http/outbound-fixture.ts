import { isIPv6, type LookupFunction } from 'node:net';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { Outbound, type OutboundTools } from '../../../src/adapters/http/outbound.js';
import type { OutboundPolicyChanges } from '../../../src/adapters/http/outbound-policy.js';
import { createLogger } from '../../../src/platform/log.js';
import { createOutboundMetrics } from '../../../src/platform/outbound-metrics.js';
import { MisbehavingServer } from '../../support/misbehaving-server.js';

/** Short enough for a test, long enough for a busy machine. */
export const QUICK: OutboundPolicyChanges = {
  timeouts: { responseMs: 300, attemptMs: 600, totalMs: 5_000, connectMs: 300, secureConnectMs: 300, lookupMs: 300 },
  retries: { maxAttempts: 3, baseMs: 1, maxMs: 5, maxRetryAfterMs: 2_000 },
  breaker: { consecutiveFailures: 1_000, failureRatio: 0.999, openMs: 50, maxOpenMs: 200 },
};

export interface OutboundFixture {
  readonly outbound: Outbound;
  readonly lines: Record<string, unknown>[];
  readonly metrics: () => Promise<string>;
}

export function openOutbound(changes: OutboundPolicyChanges = {}, tools: Partial<OutboundTools> = {}): OutboundFixture {
  const lines: Record<string, unknown>[] = [];
  const write = (text: string): void => void lines.push(JSON.parse(text) as Record<string, unknown>);
  const registry = new Registry();
  const outbound = new Outbound('far', merged(changes), {
    log: createLogger({ level: 'debug', destination: { write } }),
    metrics: createOutboundMetrics(registry),
    ...tools,
  });
  onTestFinished(() => {
    outbound.close();
  });
  return { outbound, lines, metrics: () => registry.metrics() };
}

function merged(changes: OutboundPolicyChanges): OutboundPolicyChanges {
  return {
    ...QUICK,
    ...changes,
    timeouts: { ...QUICK.timeouts, ...changes.timeouts },
    retries: { ...QUICK.retries, ...changes.retries },
    breaker: { ...QUICK.breaker, ...changes.breaker },
  };
}

export async function openFarSide(options: { readonly tls?: boolean } = {}): Promise<MisbehavingServer> {
  const far = await MisbehavingServer.open(options);
  onTestFinished(() => far.close());
  return far;
}

/** What the promise is rejected with. */
export async function faultOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`It should have been refused, and gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** Names that all lead to these addresses. */
export function leadsTo(...addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_, options, callback) => {
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
}
