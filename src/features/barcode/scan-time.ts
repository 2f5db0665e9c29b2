/** Nothing was scanned before: a clock that says so was never set. */
const EARLIEST_SCAN = new Date('2000-01-01T00:00:00Z');

/** How the times of one batch are to be read. */
export interface ScanClock {
  /** How much the device's clock is behind the server's (negative: ahead); 0 where the device did not say. */
  readonly clockSkewMs: number;
  /** A time of the device's clock as the server's clock would have shown it: never in the future; now for a clock that was never set. */
  readonly correct: (scannedAt: Date) => Date;
}

/** `sentAt`: what the device's clock said when it sent the batch. */
export function scanClock(now: Date, sentAt?: Date): ScanClock {
  const clockSkewMs = sentAt ? now.getTime() - sentAt.getTime() : 0;
  return {
    clockSkewMs,
    correct: (scannedAt) => {
      const corrected = new Date(scannedAt.getTime() + clockSkewMs);
      return corrected >= EARLIEST_SCAN && corrected < now ? corrected : now;
    },
  };
}
