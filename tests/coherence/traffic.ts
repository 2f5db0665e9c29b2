import { Judge } from './judge.js';
import { Latencies } from './latencies.js';
import type { Stage } from './stage.js';

/** Enough to see what is wrong; the rest is only counted. */
const MAX_DETAILS = 20;
const MAX_ERROR_LENGTH = 400;

/** What the clients of one phase did and saw. */
export class Traffic {
  reads = 0;
  writes = 0;
  /** Sent again because the server had gone. */
  retries = 0;
  /** Keys that were revoked and then tried on both servers. */
  revocations = 0;
  errorCount = 0;
  readonly errors: string[] = [];
  readonly judge = new Judge();
  readonly latencies = new Latencies();

  constructor(
    readonly stage: Stage,
    readonly retriesLost: boolean,
  ) {}

  fail(error: string): void {
    this.errorCount += 1;
    if (this.errors.length < MAX_DETAILS) this.errors.push(error.slice(0, MAX_ERROR_LENGTH));
  }
}
