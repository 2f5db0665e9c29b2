import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/**
 * What became of a request to the world outside: an answer (ok: 1xx to 3xx; refused: 4xx; rate_limited: 429; failed: 5xx), none, for the
 * reason named, or nobody waited for it any more (aborted).
 */
export const OUTBOUND_OUTCOMES = [
  'ok',
  'refused',
  'rate_limited',
  'failed',
  'timeout',
  'network',
  'tls',
  'too_large',
  'breaker_open',
  'bulkhead_full',
  'refused_address',
  'aborted',
] as const;
export type OutboundOutcome = (typeof OUTBOUND_OUTCOMES)[number];

export const BREAKER_STATES = ['closed', 'half_open', 'open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** `name` is one of a few destinations in the program's text, never a host that somebody entered: each is a series of its own for ever. */
export interface OutboundMetrics {
  /** A request has ended, its repetitions included. */
  finished(name: string, outcome: OutboundOutcome, durationMs: number): void;
  /** A request is tried again. */
  repeated(name: string): void;
  /** Asked whenever the metrics are read: how many breakers of this destination are in each state. Until the returned function is called. */
  watch(name: string, breakers: () => Readonly<Record<BreakerState, number>>): () => void;
}

/** For a program whose metrics nobody reads. */
export const NO_OUTBOUND_METRICS: OutboundMetrics = {
  finished: () => undefined,
  repeated: () => undefined,
  watch: () => () => undefined,
};

const MS_PER_S = 1_000;
const BUCKETS_S = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/** Puts the metrics of all that is asked of the world outside into the registry, which refuses a second set. */
export function createOutboundMetrics(registry: Registry): OutboundMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'stockroom_outbound_requests_total',
    help: 'Requests to outside services, by destination and by what became of them.',
    labelNames: ['name', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'stockroom_outbound_duration_seconds',
    help: 'How long requests to outside services took, their repetitions included, by destination.',
    labelNames: ['name'],
    buckets: BUCKETS_S,
    registers,
  });
  const repetitions = new Counter({
    name: 'stockroom_outbound_repetitions_total',
    help: 'Requests to outside services that were tried again, by destination.',
    labelNames: ['name'],
    registers,
  });
  const watched = breakerGauge(registry);
  return {
    finished: (name, outcome, durationMs) => {
      requests.inc({ name, outcome });
      durations.observe({ name }, durationMs / MS_PER_S);
    },
    repeated: (name) => {
      repetitions.inc({ name });
    },
    watch: (name, breakers) => {
      watched.set(name, breakers);
      return () => {
        if (watched.get(name) === breakers) watched.delete(name);
      };
    },
  };
}

type Breakers = Map<string, () => Readonly<Record<BreakerState, number>>>;

function breakerGauge(registry: Registry): Breakers {
  const watched: Breakers = new Map();
  new Gauge({
    name: 'stockroom_outbound_breakers',
    help: 'Circuit breakers of outside services, by destination and state: closed, half_open, open.',
    labelNames: ['name', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [name, breakers] of watched) {
        const counts = breakers();
        for (const state of BREAKER_STATES) this.set({ name, state }, counts[state]);
      }
    },
  });
  return watched;
}
