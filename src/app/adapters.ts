import type { Config } from '../config/config.js';
import type { Logger } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';

export interface AdapterOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Undefined: nobody reads metrics. */
  readonly registry: Metrics['registry'] | undefined;
}

/** The ways out of the process, one for each outside thing. `close` lets go of their connections. */
export type Adapters = ReturnType<typeof createAdapters>;

/** Makes every adapter that the configuration asks for, once a process. Connects to nothing: what is down must not keep the shop from opening. */
export function createAdapters(_options: AdapterOptions) {
  return {
    close: (): Promise<void> => Promise.resolve(),
  };
}
