const STEPS = 4;

export class OverdueError extends Error {
  override readonly name = 'OverdueError';
}

/**
 * A time that a call may take, counted in a few steps: in each of them what had come in was looked at, so a process that is held up by its own work
 * does not take that for a silence of Redis.
 */
export class Overdue {
  /** Rejects with an OverdueError when the time is over; unheard where nobody waits for it. */
  readonly rejection: Promise<never>;
  private readonly reject: (error: OverdueError) => void;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;

  constructor(private readonly timeoutMs: number) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.rejection = promise;
    this.reject = reject;
    promise.catch(() => undefined);
    this.wait(STEPS);
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  private wait(steps: number): void {
    this.timer = setTimeout(() => {
      if (steps > 1) {
        this.wait(steps - 1);
        return;
      }
      setImmediate(() => {
        this.hasEnded = true;
        this.reject(new OverdueError(`Redis did not answer within ${String(this.timeoutMs)} ms.`));
      });
    }, this.timeoutMs / STEPS);
  }
}
