import { LRUCache } from 'lru-cache';
import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../platform/log.js';
import { type BreakerState, type OutboundMetrics, type OutboundOutcome } from '../../platform/outbound-metrics.js';
import { guardedAgents, guardedLookup, literalAddressOf, type AddressRule } from './address-guard.js';
import { exchangeOnce, type Exchange, type OutboundRequest, type Reply } from './exchange.js';
import { isFailedReply, Lane } from './lane.js';
import { OutboundError, type OutboundErrorKind } from './outbound-error.js';
import { outboundPolicy, type OutboundPolicy, type OutboundPolicyChanges } from './outbound-policy.js';
import { userAgentOf } from './user-agent.js';

export interface OutboundTools {
  readonly log: Logger;
  readonly metrics: OutboundMetrics;
  /** Of `userAgentOf`. */
  readonly userAgent?: string;
  /** Which addresses may be asked: those that the URL names, that its host's name leads to, and that were reached in the end. All if not given. */
  readonly allowsAddress?: AddressRule;
  /** Instead of the system's look-up of names. */
  readonly dnsLookup?: LookupFunction;
  /** PEM, instead of the authorities that Node.js trusts. */
  readonly certificateAuthorities?: readonly string[];
}

const TOO_MANY_REQUESTS = 429;
const FIRST_REFUSAL = 400;
const FIRST_FAILURE = 500;
/** Who has not been asked for the longest is forgotten first. */
const MAX_LANES = 1_000;
const ONE_LANE = '';
const IDLE_CONNECTIONS_PER_HOST = 4;
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];
/** What another try may mend. */
const PASSING: readonly OutboundErrorKind[] = ['TIMEOUT', 'NETWORK'];
/** Of which nobody needs a line each: what a refusal means the caller knows, and when a breaker opened was told. */
const QUIET: readonly OutboundOutcome[] = ['ok', 'refused', 'breaker_open', 'aborted'];

/**
 * The way out over HTTP to one destination: with time limits, repetitions of what is safe to repeat, a circuit breaker, a bulkhead and a
 * limit to what is read. Follows no redirects and trusts no certificate that does not verify.
 */
export class Outbound {
  private readonly policy: OutboundPolicy;
  private readonly exchange: Exchange & { readonly agents: ReturnType<typeof guardedAgents> };
  private readonly lanes = new LRUCache<string, Lane>({ max: MAX_LANES });
  private readonly unwatch: () => void;
  private readonly running = new Set<AbortController>();

  /** `name`: the destination in logs and metrics. */
  constructor(
    readonly name: string,
    policy: OutboundPolicyChanges,
    private readonly tools: OutboundTools,
  ) {
    this.policy = outboundPolicy(policy);
    const { allowsAddress, dnsLookup, certificateAuthorities, metrics, userAgent = userAgentOf() } = tools;
    this.exchange = {
      name,
      policy: this.policy,
      agents: guardedAgents({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS_PER_HOST }, allowsAddress),
      userAgent,
      dnsLookup: allowsAddress ? guardedLookup(allowsAddress, dnsLookup) : dnsLookup,
      certificateAuthorities,
    };
    // Known from the start, so that a policy that is none does not wait for the first request to say so.
    if (this.policy.lanes === 'DESTINATION') this.laneOf(ONE_LANE);
    this.unwatch = metrics.watch(name, () => this.breakers());
  }

  /**
   * Resolves with the answer, whatever its status, once repetitions are used up or of no use. Rejects with an OutboundError where none came,
   * and with the signal's reason where the caller gave it up. Throws TypeError for what is no URL of http or https.
   */
  async request(request: OutboundRequest): Promise<Reply> {
    const url = httpUrl(request.url);
    const startedAt = performance.now();
    try {
      const reply = await this.withinLimits(request, url);
      this.tell(request, { outcome: outcomeOf(reply), status: reply.status, startedAt });
      return reply;
    } catch (error) {
      const outcome = error instanceof OutboundError ? (error.kind.toLowerCase() as OutboundOutcome) : 'aborted';
      this.tell(request, { outcome, startedAt, fault: error instanceof OutboundError ? error.message : undefined });
      throw error;
    }
  }

  /** How many circuit breakers there are of each state: one, or one for each lane that was used lately. */
  breakers(): Record<BreakerState, number> {
    const counts = { closed: 0, half_open: 0, open: 0 };
    for (const lane of this.lanes.values()) counts[lane.state] += 1;
    return counts;
  }

  /** Gives up what runs and closes the connections. */
  close(): void {
    this.unwatch();
    const stopped = new OutboundError('NETWORK', `${this.name} is not asked any more: the program stops.`);
    for (const running of this.running) running.abort(stopped);
    this.exchange.agents.http.destroy();
    this.exchange.agents.https.destroy();
  }

  private async withinLimits(request: OutboundRequest, url: URL): Promise<Reply> {
    const { totalMs } = this.policy.timeouts;
    const ending = new AbortController();
    const timer = setTimeout(() => {
      ending.abort(new OutboundError('TIMEOUT', `${this.name} took too long (total).`));
    }, totalMs);
    const signal = request.signal ? AbortSignal.any([ending.signal, request.signal]) : ending.signal;
    this.running.add(ending);
    try {
      signal.throwIfAborted();
      this.refuseLiteral(url);
      const lane = this.laneOf(this.policy.lanes === 'REQUEST' ? request.lane : ONE_LANE);
      const endsAt = performance.now() + totalMs;
      const asked = lane.admit(() => this.repeated(lane, { ...request, url, signal }, endsAt), signal);
      return await orAborted(asked, signal);
    } finally {
      clearTimeout(timer);
      this.running.delete(ending);
    }
  }

  private async repeated(lane: Lane, request: OutboundRequest & { signal: AbortSignal }, endsAt: number): Promise<Reply> {
    const mayRepeat = request.mayRepeat ?? SAFE_METHODS.includes(request.method);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await settled(lane.attempt(() => exchangeOnce(this.exchange, request, request.signal)));
      const pauseMs = mayRepeat && attempt < this.policy.retries.maxAttempts ? this.pauseBefore(attempt, outcome) : undefined;
      if (pauseMs === undefined || performance.now() + pauseMs >= endsAt) return unwrap(outcome);
      this.tools.metrics.repeated(this.name);
      await sleep(pauseMs, undefined, { signal: request.signal });
    }
  }

  /** Undefined: another try is of no use. */
  private pauseBefore(attempt: number, outcome: Outcome): number | undefined {
    const { baseMs, maxMs, maxRetryAfterMs } = this.policy.retries;
    const jittered = Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
    if ('error' in outcome) {
      const { error } = outcome;
      return error instanceof OutboundError && PASSING.includes(error.kind) ? jittered : undefined;
    }
    const { reply } = outcome;
    if (reply.status !== TOO_MANY_REQUESTS && !isFailedReply(reply)) return undefined;
    const { retryAfterMs = 0 } = reply;
    return retryAfterMs > maxRetryAfterMs ? undefined : Math.max(retryAfterMs, jittered);
  }

  private refuseLiteral(url: URL): void {
    const address = literalAddressOf(url);
    if (address === undefined || this.tools.allowsAddress?.(address) !== false) return;
    throw new OutboundError('REFUSED_ADDRESS', `${this.name} leads to an address that may not be asked.`);
  }

  private laneOf(key: string | undefined): Lane {
    if (key === undefined) throw new TypeError('The request must name its lane.');
    let lane = this.lanes.get(key);
    if (!lane) {
      lane = new Lane(this.name, this.policy, (state) => {
        this.tellBreaker(state);
      });
      this.lanes.set(key, lane);
    }
    return lane;
  }

  private tellBreaker(state: BreakerState): void {
    const line = { destination: this.name, breaker: state };
    if (state === 'open') this.tools.log.warn(line, 'outside service is left alone');
    else if (state === 'closed') this.tools.log.info(line, 'outside service is asked again');
  }

  /** Nothing of the URL: hosts and queries can name shops and people, and carry keys. */
  private tell({ method }: OutboundRequest, { outcome, status, startedAt, fault }: Ending): void {
    const durationMs = Math.round(performance.now() - startedAt);
    this.tools.metrics.finished(this.name, outcome, durationMs);
    const line = { destination: this.name, method, status, outcome, durationMs, fault };
    if (QUIET.includes(outcome)) this.tools.log.debug(line, 'outside service asked');
    else this.tools.log.warn(line, 'outside service asked in vain');
  }
}

interface Ending {
  readonly outcome: OutboundOutcome;
  readonly startedAt: number;
  readonly status?: number;
  readonly fault?: string | undefined;
}

type Outcome = { readonly reply: Reply } | { readonly error: unknown };

function settled(reply: Promise<Reply>): Promise<Outcome> {
  return reply.then(
    (value) => ({ reply: value }),
    (error: unknown) => ({ error }),
  );
}

function unwrap(outcome: Outcome): Reply {
  if ('error' in outcome) throw outcome.error;
  return outcome.reply;
}

/** Does not wait for a place in a queue, or for a pause, that nobody waits for any more. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Whichever came second is answered for already.
    work.catch(() => undefined);
  }
}

function outcomeOf({ status }: Reply): OutboundOutcome {
  if (status === TOO_MANY_REQUESTS) return 'rate_limited';
  if (status < FIRST_REFUSAL) return 'ok';
  return status < FIRST_FAILURE ? 'refused' : 'failed';
}

function httpUrl(text: string | URL): URL {
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('Only http and https lead out.');
  return url;
}
