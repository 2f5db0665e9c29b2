import { expect, test } from 'vitest';
import type { ProductSourcePort } from '../../../src/features/barcode/product-lookup.port.js';

/** A source, and how its far side is made to behave. */
export interface SourceUnderTest {
  readonly source: ProductSourcePort;
  /** It knows the code, under this name and brand and with a picture of https. */
  readonly knows: (product: { name: string; brand: string; imageUrl: string }) => void;
  /** It answers, and does not know the code. */
  readonly knowsNot: () => void;
  /** It wants to be left alone for two hours. */
  readonly isTired: () => void;
  /** It answers each time that it cannot. */
  readonly isDown: () => void;
  /** It says nothing at all. */
  readonly isMute: () => void;
  /** It answers with something that nobody can read. */
  readonly babbles: () => void;
}

const GTIN = '05449000000996';
const PRODUCT = { name: 'Super Maize Meal', brand: 'Ace', imageUrl: 'https://images.example/1.jpg' };
const TWO_HOURS_MS = 7_200_000;
const still = new AbortController().signal;

/** What every source must do, the fake of the tests included. `open` makes a new one, which ends with the test. */
export function productSourceContract(open: () => Promise<SourceUnderTest>): void {
  test('has a name and limits that are some', async () => {
    const { source } = await open();
    expect(source.name.length).toBeGreaterThan(0);
    expect(source.name.length).toBeLessThanOrEqual(100);
    for (const { questions, periodMs } of source.limits) expect(Math.min(questions, periodMs)).toBeGreaterThan(0);
  });

  test('tells what it knows', async () => {
    const { source, knows } = await open();
    knows(PRODUCT);
    expect(await source.find(GTIN, still)).toMatchObject({ outcome: 'FOUND', product: PRODUCT });
  });

  test('tells that it does not know', async () => {
    const { source, knowsNot } = await open();
    knowsNot();
    expect(await source.find(GTIN, still)).toMatchObject({ outcome: 'UNKNOWN' });
  });

  test('tells when it may be asked again', async () => {
    const { source, isTired } = await open();
    isTired();
    const answer = await source.find(GTIN, still);
    expect(answer).toMatchObject({ outcome: 'LATER', retryAfterMs: TWO_HOURS_MS, isOwnLimit: true });
  });

  test('tells that it failed, and why, where it fails, is mute or cannot be read', async () => {
    for (const fault of ['isDown', 'isMute', 'babbles'] as const) {
      const tested = await open();
      tested[fault]();
      const answer = await tested.source.find(GTIN, still);
      expect([fault, answer.outcome]).toEqual([fault, 'FAILED']);
      expect('reason' in answer && answer.reason).toMatch(/^[A-Z].*\.$/i);
    }
  });

  test('is asked no more where nobody wants to know any more', async () => {
    const { source, isMute } = await open();
    isMute();
    await expect(source.find(GTIN, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
}
