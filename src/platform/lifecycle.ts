import { setTimeout as sleep } from 'node:timers/promises';
import { redactText, type Logger } from './log.js';
import { StartError } from './start-error.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C arrives twice under npm, which hands on what the terminal has sent to the whole group already. */
const SAME_SIGNAL_MS = 500;
const FAILED = 1;

type Closer = () => Promise<void>;

/** What one process has opened, and the one way to end it: in the opposite order, within a time limit, once. */
export class Lifecycle {
  private readonly closers: Closer[] = [];
  private starting: Promise<unknown> = Promise.resolve();
  private stopAskedAt: number | undefined;

  constructor(
    private readonly log: Logger,
    private readonly timeoutMs: number,
  ) {}

  isStopping(): boolean {
    return this.stopAskedAt !== undefined;
  }

  /** Closed when the process stops: what was opened last goes first. */
  onStop(close: Closer): void {
    this.closers.push(close);
  }

  /**
   * Runs a start. A failure ends the process with exit code 1: one line on standard error where the operator can mend it, a log entry
   * otherwise. A signal stops gracefully, also half way through the start; a second one ends the process at once.
   */
  async run(start: () => Promise<void>): Promise<void> {
    for (const signal of SIGNALS) process.on(signal, () => void this.onSignal(signal));
    process.on('uncaughtException', (error, origin) => {
      this.log.fatal({ err: error, origin }, 'unexpected failure');
      process.exit(FAILED);
    });
    // A terminal that is gone must not turn a stop into a failure.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    const starting = start();
    this.starting = starting.catch(() => undefined);
    try {
      await starting;
    } catch (error) {
      if (!this.isStopping()) await this.fail(error);
    }
  }

  /** Ends the process with exit code 1 after closing what is open. */
  async fail(error: unknown): Promise<void> {
    if (this.isStopping()) return;
    this.stopAskedAt = Date.now();
    report(error, this.log);
    await this.closeAll();
    process.exit(FAILED);
  }

  private async onSignal(signal: NodeJS.Signals): Promise<void> {
    if (this.stopAskedAt !== undefined) {
      if (Date.now() - this.stopAskedAt < SAME_SIGNAL_MS) return;
      this.log.warn({ signal }, 'stopping at once');
      process.exit(FAILED);
    }
    this.stopAskedAt = Date.now();
    this.log.info({ signal }, 'stopping');
    await Promise.race([this.starting, sleep(this.timeoutMs, undefined, { ref: false })]);
    const clean = await this.closeAll();
    this.log.info('stopped');
    process.exit(clean ? 0 : FAILED);
  }

  /** True when everything closed in time. One that fails or hangs does not keep the others open. */
  private async closeAll(): Promise<boolean> {
    let clean = true;
    for (const close of this.closers.splice(0).reverse()) {
      const late = sleep(this.timeoutMs, 'late' as const, { ref: false });
      const outcome = await Promise.race([close().catch((error: unknown) => ({ error })), late]);
      if (outcome === undefined) continue;
      clean = false;
      this.log.error(outcome === 'late' ? { timeoutMs: this.timeoutMs } : { err: outcome.error }, 'could not stop cleanly');
    }
    return clean;
  }
}

function report(error: unknown, log: Logger): void {
  if (error instanceof StartError) process.stderr.write(`stockroom: ${redactText(error.message)}\n`);
  else log.fatal({ err: error }, 'could not start');
}
