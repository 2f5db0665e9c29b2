/**
 * How long a member may rely on what the database last told it, by its own clocks. It begins when the question was sent, so it ends before
 * the database believes that it does. Both clocks have to agree: one of them stands still while the machine sleeps, the other can be set.
 */
export class Lease {
  private constructor(
    private readonly steadyEnd: number,
    private readonly wallEnd: number,
  ) {}

  static from(now: { readonly steady: number; readonly wall: number }, lengthMs: number): Lease {
    return new Lease(now.steady + lengthMs, now.wall + lengthMs);
  }

  static now(): { steady: number; wall: number } {
    return { steady: performance.now(), wall: Date.now() };
  }

  get stands(): boolean {
    return performance.now() < this.steadyEnd && Date.now() < this.wallEnd;
  }
}
