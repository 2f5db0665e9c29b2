import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { WebhookOutcome, WebhookRequest, WebhookSender } from '../../features/webhooks/webhook-sender.port.js';
import { isAllowedHost, type AllowedHost } from '../../platform/allowed-host.js';
import { OutboundError, type OutboundErrorKind } from '../http/outbound-error.js';
import type { OutboundPolicyChanges } from '../http/outbound-policy.js';
import { Outbound, type OutboundTools } from '../http/outbound.js';
import { isPublicAddress } from './public-address.js';
import { urlFault } from './webhook-url.js';

/**
 * Receivers are strangers: each endpoint has a breaker and a bulkhead of its own, so that a dead one holds up nobody else. Who finds all
 * places taken waits for a moment only: one that answers fast is sent to without a pause, one that is slow gives the waiting back. Nothing is repeated
 * here: the outbox does that over days. Of an answer only its status counts, so little of it is read.
 */
const POLICY: OutboundPolicyChanges = {
  timeouts: { responseMs: 10_000, attemptMs: 15_000, totalMs: 20_000 },
  retries: { maxAttempts: 1 },
  breaker: { openMs: 30_000, maxOpenMs: 600_000 },
  bulkhead: { concurrent: 4, queued: 4, maxWaitMs: 1_000 },
  lanes: 'REQUEST',
  maxResponseBytes: 65_536,
};
/** Before a receiver that is slow, and is being sent enough at once, is asked again. */
const BUSY_DELAY_MS = 10_000;
const UNKNOWN_REOPENING_MS = 30_000;

/** What is kept of a try without an answer: nothing that the far side said, and nothing that tells of our own network. */
const REASONS: Readonly<Record<OutboundErrorKind, string>> = {
  TIMEOUT: 'The receiver took too long.',
  NETWORK: 'The receiver could not be reached, or broke off.',
  TLS: 'The receiver could not prove who it is: its certificate does not verify.',
  TOO_LARGE: 'The receiver answered at too great length.',
  BREAKER_OPEN: 'The receiver failed so often that it is left alone for a while.',
  BULKHEAD_FULL: 'The receiver is being sent other events.',
  REFUSED_ADDRESS: 'The name leads to an address that is not public.',
};

export interface WebhookSenderOptions {
  /** Asked whatever their addresses are. */
  readonly allowedHosts: readonly AllowedHost[];
  readonly tools: Omit<OutboundTools, 'allowsAddress'>;
  readonly policy?: OutboundPolicyChanges;
  /** Which addresses of all others may be asked. */
  readonly isPublic?: (address: string) => boolean;
}

/** Sends webhooks over HTTP, to public addresses only but for those that the operator allows by name. */
export class HttpWebhookSender implements WebhookSender {
  private readonly guarded: Outbound;
  private readonly allowed: Outbound;

  constructor(private readonly options: WebhookSenderOptions) {
    const { tools, policy, isPublic = isPublicAddress } = options;
    const merged = { ...POLICY, ...policy };
    const dnsLookup = allOrNone(isPublic, tools.dnsLookup ?? systemLookup);
    this.guarded = new Outbound('webhooks', merged, { ...tools, allowsAddress: isPublic, dnsLookup });
    this.allowed = new Outbound('webhooks-allowed', merged, tools);
  }

  urlFault(url: string): string | undefined {
    return urlFault(url, this.options.allowedHosts);
  }

  async send({ endpoint, url, headers, body }: WebhookRequest, signal: AbortSignal): Promise<WebhookOutcome> {
    // What was allowed when it was entered may not be any more.
    const fault = this.urlFault(url);
    if (fault !== undefined) return { kind: 'FAILED', reason: fault };
    const target = new URL(url);
    const outbound = isAllowedHost(target, this.options.allowedHosts) ? this.allowed : this.guarded;
    try {
      // A URL that was corrected begins anew.
      const lane = `${endpoint} ${url}`;
      const reply = await outbound.request({ method: 'POST', url: target, headers, body, lane, signal });
      return { kind: 'ANSWERED', status: reply.status, retryAfterMs: reply.retryAfterMs };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return outcomeOf(error);
    }
  }

  close(): void {
    this.guarded.close();
    this.allowed.close();
  }
}

function outcomeOf({ kind, retryAfterMs = UNKNOWN_REOPENING_MS, status }: OutboundError): WebhookOutcome {
  const reason = REASONS[kind];
  if (kind === 'BREAKER_OPEN') return { kind: 'HELD', reason, delayMs: retryAfterMs };
  if (kind === 'BULKHEAD_FULL') return { kind: 'HELD', reason, delayMs: BUSY_DELAY_MS };
  // Who has begun an answer has said what counts, however it went on.
  return status === undefined ? { kind: 'FAILED', reason } : { kind: 'ANSWERED', status };
}

/**
 * A name with one address that is not public has none at all: whoever mixes them is trying something. Only those are handed on then, and
 * whoever is handed them refuses.
 */
function allOrNone(isPublic: (address: string) => boolean, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      const addresses = Array.isArray(found) ? found : [{ address: found, family: family ?? 0 }];
      const refused = addresses.filter(({ address }: LookupAddress) => !isPublic(address));
      callback(error, refused.length > 0 ? refused : addresses);
    });
  };
}
