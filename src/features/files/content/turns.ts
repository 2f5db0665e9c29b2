/** The line is as long as it may be. */
export class LineFullError extends Error {
  override readonly name = 'LineFullError';
}

interface Waiting {
  readonly who: unknown;
  readonly begin: () => void;
}

/** So many at once, so many in line, and nobody else. Nobody has two turns at once, nor more than his part of the line. */
export class Turns {
  private readonly running = new Set<unknown>();
  private readonly line: Waiting[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly inLine: number,
    private readonly inLineEach = inLine,
  ) {}

  /** Runs it when its turn comes. Rejects with LineFullError at once where the line, or his part of it, is full. */
  async take<T>(who: unknown, work: () => Promise<T>): Promise<T> {
    if (this.running.size < this.atOnce && !this.running.has(who)) this.running.add(who);
    else await this.wait(who);
    try {
      return await work();
    } finally {
      this.running.delete(who);
      this.next();
    }
  }

  private wait(who: unknown): Promise<void> {
    const own = this.line.filter((waiting) => waiting.who === who).length;
    if (this.line.length >= this.inLine || own >= this.inLineEach) return Promise.reject(new LineFullError('the line is full'));
    return new Promise((begin) => {
      this.line.push({ who, begin });
    });
  }

  /** Whoever waits longest of those who have no turn now. The turn is handed over, so that nobody who comes now overtakes. */
  private next(): void {
    const at = this.line.findIndex(({ who }) => !this.running.has(who));
    const [waiting] = at < 0 ? [] : this.line.splice(at, 1);
    if (!waiting) return;
    this.running.add(waiting.who);
    waiting.begin();
  }
}
