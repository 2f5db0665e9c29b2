import { describe, expect, test } from 'vitest';
import { Lease } from '../../../src/platform/cache/lease.js';
import { PATIENCE } from './cache-fixture.js';

const LENGTH_MS = 60_000;
const SHORT_MS = 50;

describe('a lease', () => {
  test('stands for its length from the moment that the question was sent', async () => {
    const sentAt = Lease.now();
    expect(Lease.from(sentAt, LENGTH_MS).stands).toBe(true);
    const short = Lease.from(sentAt, SHORT_MS);
    await expect.poll(() => short.stands, PATIENCE).toBe(false);
    expect(Lease.now().steady - sentAt.steady).toBeGreaterThanOrEqual(SHORT_MS);
  });

  test('is over when either clock says so: one stands still while the machine sleeps, the other can be set', () => {
    const { steady, wall } = Lease.now();
    expect(Lease.from({ steady: steady - LENGTH_MS, wall }, LENGTH_MS).stands).toBe(false);
    expect(Lease.from({ steady, wall: wall - LENGTH_MS }, LENGTH_MS).stands).toBe(false);
  });
});
