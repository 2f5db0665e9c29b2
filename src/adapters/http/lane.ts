import {
  bulkhead,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
  type IBreaker,
} from 'cockatiel';
import type { BreakerState } from '../../platform/outbound-metrics.js';
import { OutboundError } from './outbound-error.js';
import type { OutboundBreaker, OutboundPolicy } from './outbound-policy.js';
import type { Reply } from './exchange.js';

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
};
const HTTP_REQUEST_TIMEOUT = 408;
const FIRST_SERVER_ERROR = 500;

/** What says that the far side is not well. Being told to come later, or that there is nothing, is an answer like any other. */
export function isFailedReply({ status }: Reply): boolean {
  return status === HTTP_REQUEST_TIMEOUT || status >= FIRST_SERVER_ERROR;
}

/** One far side as it is known here: how many calls to it run, and whether it is worth asking. */
export class Lane {
  private readonly bulkhead: BulkheadPolicy;
  private readonly breaker: CircuitBreakerPolicy;
  private readonly maxWaitMs: number | undefined;
  private reopensAt = 0;

  /** `onChange` is told the breaker's new state. */
  constructor(
    private readonly name: string,
    policy: OutboundPolicy,
    onChange: (state: BreakerState) => void,
  ) {
    const { concurrent, queued, maxWaitMs } = policy.bulkhead;
    this.maxWaitMs = maxWaitMs;
    this.bulkhead = bulkhead(concurrent, queued);
    this.breaker = circuitBreaker(
      handleWhen((error) => this.isFailure(error)).orWhenResult((reply) => isFailedReply(reply as Reply)),
      {
        breaker: new EitherBreaker(policy.breaker),
        halfOpenAfter: new DelegateBackoff<{ attempt: number }>(({ attempt }) => this.openFor(attempt, policy.breaker)),
      },
    );
    this.breaker.onStateChange((state) => {
      onChange(STATES[state]);
    });
  }

  get state(): BreakerState {
    return STATES[this.breaker.state];
  }

  /** Waits for a free place. Refuses with BULKHEAD_FULL. */
  async admit<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const full = new OutboundError('BULKHEAD_FULL', `Too many calls to ${this.name} are waiting already.`);
    const leaving = new AbortController();
    const { promise: left, reject: leave } = Promise.withResolvers<never>();
    const onLate = (): void => {
      leaving.abort(full);
      leave(full);
    };
    const timer = this.maxWaitMs === undefined ? undefined : setTimeout(onLate, this.maxWaitMs);
    const entered = (): Promise<T> => {
      clearTimeout(timer);
      return call();
    };
    const done = this.bulkhead.execute(entered, AbortSignal.any([signal, leaving.signal]));
    try {
      return await Promise.race([done, left]);
    } catch (error) {
      throw isBulkheadRejectedError(error) ? full : error;
    } finally {
      clearTimeout(timer);
      // Who has left is told once more when its turn comes.
      done.catch(() => undefined);
    }
  }

  /** Refuses with BREAKER_OPEN without asking. */
  async attempt(call: () => Promise<Reply>): Promise<Reply> {
    try {
      return await this.breaker.execute(call);
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      const waitMs = Math.max(1, this.reopensAt - Date.now());
      throw new OutboundError('BREAKER_OPEN', `${this.name} failed too often (${this.lastFault()}) and is left alone.`, waitMs);
    }
  }

  /** A call that was given up by whoever made it says nothing; but where it was the one that should tell, it has not told of a recovery. */
  private isFailure(error: unknown): boolean {
    if (this.breaker.state === CircuitState.HalfOpen) return true;
    return error instanceof OutboundError && error.kind !== 'REFUSED_ADDRESS';
  }

  private openFor(attempt: number, { openMs, maxOpenMs }: OutboundBreaker): number {
    const durationMs = Math.min(maxOpenMs, openMs * 2 ** Math.min(attempt - 1, 30));
    this.reopensAt = Date.now() + durationMs;
    return durationMs;
  }

  private lastFault(): string {
    const failure = this.breaker.lastFailure;
    if (failure === undefined) return 'unknown';
    if ('value' in failure) return `status ${String((failure.value as Reply).status)}`;
    return failure.error instanceof OutboundError ? failure.error.kind : 'given up';
  }
}

/** Opens when the last calls all failed, or too many of the last ones. */
class EitherBreaker implements IBreaker {
  private readonly inARow: ConsecutiveBreaker;
  private readonly ofMany: CountBreaker;

  constructor({ consecutiveFailures, failureRatio, sampledCalls, minimumCalls }: OutboundBreaker) {
    this.inARow = new ConsecutiveBreaker(consecutiveFailures);
    this.ofMany = new CountBreaker({ threshold: failureRatio, size: sampledCalls, minimumNumberOfCalls: minimumCalls });
  }

  get state(): unknown {
    return [this.inARow.state, this.ofMany.state];
  }

  success(state: CircuitState): void {
    this.inARow.success();
    this.ofMany.success(state);
  }

  failure(state: CircuitState): boolean {
    const inARow = this.inARow.failure();
    const ofMany = this.ofMany.failure(state);
    return inARow || ofMany;
  }
}
