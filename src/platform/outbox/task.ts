/** A job in the hands of a worker. */
export interface RunningJob {
  /** Stays the same over all tries. */
  readonly id: string;
  /** Null for what recurs by itself. */
  readonly shopId: string | null;
  readonly payload: unknown;
  /** Which try this is, from 1 on. Tries that were put off, or that their process did not survive, do not count. */
  readonly attempt: number;
  readonly createdAt: Date;
}

/** How jobs of one name are done: at least once, by any instance, several at a time. */
export interface Task {
  readonly name: string;
  /** How many of them one process does at once. One shop holds a quarter of that at most, so that it cannot keep others from theirs. */
  readonly concurrency: number;
  /** For what recurs by itself: how long after its end it begins anew. There is one such job for all instances. */
  readonly everyMs?: number;
  /** How long after the n-th failure it is tried again; undefined: it is set aside, with the reason. */
  readonly retryInMs: (failures: number) => number | undefined;
  /**
   * Must be safe to run again: a process may die after the deed and before its mark. The signal is aborted where the job is no longer this
   * worker's, or the process stops. Throws NotNow, GiveUp, or anything else for a failure that is tried again.
   */
  readonly run: (job: RunningJob, signal: AbortSignal) => Promise<void>;
}

/**
 * The far side asked to be left alone for a while: put off, and no failure. The message is what an operator reads. With `lane`, all that waits in
 * the job's lane is put off with it, each for up to twice as long, so that it does not all come back at once.
 */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  readonly ofLane: boolean;

  constructor(
    message: string,
    readonly delayMs: number,
    { lane = false }: { readonly lane?: boolean } = {},
  ) {
    super(message);
    this.ofLane = lane;
  }
}

/** No try will ever be better: set aside at once, with the message as its reason. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}

/** Delays that double from the first one on, each shortened by up to a half at random, for so many failures. */
export function doubling(firstMs: number, tries: number, maxMs = Infinity): Task['retryInMs'] {
  return (failures) => {
    if (failures >= tries) return undefined;
    return Math.min(firstMs * 2 ** (failures - 1), maxMs) * (1 - Math.random() / 2);
  };
}
