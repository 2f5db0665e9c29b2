/** The line is as long as it may be. */
export class LineFullError extends Error {
  override readonly name = 'LineFullError';
}

/** So many at once, so many in line, and nobody else. */
export class Turns {
  private running = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly inLine: number,
  ) {}

  /** Runs it when its turn comes. Rejects with LineFullError at once where the line is full. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running += 1;
    else await this.wait();
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      // The turn is handed over, so that nobody who comes now overtakes.
      if (next) next();
      else this.running -= 1;
    }
  }

  private wait(): Promise<void> {
    if (this.line.length >= this.inLine) return Promise.reject(new LineFullError('the line is full'));
    return new Promise((resolve) => {
      this.line.push(resolve);
    });
  }
}
