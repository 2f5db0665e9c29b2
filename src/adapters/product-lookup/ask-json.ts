import type { ProductAnswer } from '../../features/barcode/product-lookup.port.js';
import { OutboundError } from '../http/outbound-error.js';
import type { OutboundPolicyChanges } from '../http/outbound-policy.js';
import type { Outbound } from '../http/outbound.js';
import { readPauseMs } from './rate-limit.js';

/** Nobody waits for a look-up, and one that fails is tried again later; so it is given up early and repeated once at most. */
export const LOOKUP_POLICY: OutboundPolicyChanges = {
  timeouts: { lookupMs: 3_000, connectMs: 3_000, secureConnectMs: 4_000, responseMs: 8_000, attemptMs: 10_000, totalMs: 15_000 },
  retries: { maxAttempts: 2, maxRetryAfterMs: 2_000 },
  bulkhead: { concurrent: 4, queued: 8 },
  maxResponseBytes: 512 * 1_024,
};

export interface JsonQuestion {
  /** As people know the source. */
  readonly source: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Statuses besides 200 and 404 whose bodies say something. */
  readonly alsoReads?: readonly number[];
}

/** An answer that can be read. `pauseMs`: for so long no further question is wanted. */
export interface JsonAnswer {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
  readonly pauseMs: number | undefined;
}

/** Either what can be read, or what there is to say already. */
export type JsonOutcome = { readonly answer: JsonAnswer } | { readonly refusal: ProductAnswer };

const OK = 200;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const TOO_MANY_REQUESTS = 429;
/** Where a far side that wants to be left alone does not say for how long. */
const UNSAID_PAUSE_MS = 60_000;

export async function askJson(
  outbound: Outbound,
  { source, url, headers = {}, signal, alsoReads = [] }: JsonQuestion,
): Promise<JsonOutcome> {
  try {
    const wanted = { accept: 'application/json', ...headers };
    const reply = await outbound.request({ method: 'GET', url, headers: wanted, signal });
    const { status, body } = reply;
    const pauseMs = readPauseMs(reply, new Date());
    if ([OK, NOT_FOUND, ...alsoReads].includes(status)) return { answer: { status, json: jsonOf(body), pauseMs } };
    // Whatever its status: a far side that says when it wants to be asked again is asked then.
    if (status === TOO_MANY_REQUESTS || pauseMs !== undefined) {
      const reason = `${source} asks to be asked less often.`;
      return { refusal: { outcome: 'LATER', reason, retryAfterMs: pauseMs ?? UNSAID_PAUSE_MS, isOwnLimit: true } };
    }
    const isKeyless = status === UNAUTHORIZED || status === FORBIDDEN;
    return failed(
      isKeyless
        ? `${source} does not let us ask (status ${String(status)}).`
        : `${source} answered with status ${String(status)}.`,
    );
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.kind !== 'BREAKER_OPEN' && error.kind !== 'BULKHEAD_FULL') return failed(error.message);
    const retryAfterMs = error.retryAfterMs ?? UNSAID_PAUSE_MS;
    return { refusal: { outcome: 'LATER', reason: error.message, retryAfterMs, isOwnLimit: false } };
  }
}

export function failed(reason: string): { readonly refusal: ProductAnswer } {
  return { refusal: { outcome: 'FAILED', reason } };
}

/** An answer came that is none of this source's. */
export function unreadable(source: string): ProductAnswer {
  return { outcome: 'FAILED', reason: `${source} answered with something that cannot be read.` };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
