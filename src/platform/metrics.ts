import { collectDefaultMetrics, Registry } from 'prom-client';

/** What the program counts about itself, for one reader that asks now and then, such as Prometheus. */
export interface Metrics {
  /** Of this program alone: several can live in one process, and what libraries count on their own stays out. */
  readonly registry: Registry;
  readonly contentType: string;
  /** Everything in the registry as it is now, in the text format that `contentType` names. */
  text: () => Promise<string>;
}

/** Begins with what Node.js knows of the process. To be called once a process: its watchers (of the event loop, of garbage) stay. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { registry, contentType: registry.contentType, text: () => registry.metrics() };
}
