import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ParkedScanReader, ProductLookupService } from '../../../src/features/barcode/index.js';
import { GiveUp, NotNow } from '../../../src/platform/outbox/task.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FakeSource } from '../../support/suggest.js';
import { NOW, ScanBench } from './scan-bench.js';

const HOUR_MS = 3_600_000;
const still = new AbortController().signal;
const FOUND = { outcome: 'FOUND', product: { name: 'Maize meal', brand: 'Ace', imageUrl: 'https://i.example/1' } } as const;
const UNKNOWN = { outcome: 'UNKNOWN' } as const;
const FAILED = { outcome: 'FAILED', reason: 'It took too long.' } as const;
const LATER = { outcome: 'LATER', reason: 'It asks for patience.', retryAfterMs: 60_000, isOwnLimit: true } as const;

let database: TestDatabase;
let bench: ScanBench;
let now = NOW;
beforeAll(async () => {
  database = await createTestDatabase();
  bench = await ScanBench.create(database);
});
beforeEach(() => {
  now = NOW;
});
afterAll(() => database.drop());

let named = 0;
/** Sources have names of their own in each test, for what they are allowed is counted by name. */
function source(answer: ConstructorParameters<typeof FakeSource>[1], limits: FakeSource['limits'] = []): FakeSource {
  named += 1;
  return new FakeSource(`Source ${String(named)}`, answer, limits);
}

function lookups(...sources: readonly FakeSource[]): ProductLookupService {
  return new ProductLookupService(bench.work, { now: () => now }, { sources, keepMs: 24 * HOUR_MS, keepUnknownMs: HOUR_MS });
}

async function parked(): Promise<string> {
  const code = bench.ean();
  await bench.scan(code);
  return `0${code}`;
}

function run(service: ProductLookupService, gtin: unknown, shopId: string | null = bench.shop.shop.id): Promise<unknown> {
  const job = { id: newId(), shopId, payload: { gtin }, attempt: 1, createdAt: NOW };
  return service
    .task()
    .run(job, still)
    .catch((error: unknown) => error);
}

const suggestion = (gtin: string, shopId = bench.shop.shop.id) =>
  new ParkedScanReader(database.orm.em.fork(), shopId).suggestion(gtin);

describe('a look-up', () => {
  test('asks in order until somebody knows, and says who it was', async () => {
    const [first, second, third] = [source(UNKNOWN), source(FOUND), source(FOUND)];
    const gtin = await parked();
    expect(await run(lookups(first, second, third), gtin)).toBeUndefined();
    expect([first.asked, second.asked, third.asked]).toEqual([[gtin], [gtin], []]);
    expect(await suggestion(gtin)).toMatchObject({
      name: 'Maize meal',
      brand: 'Ace',
      imageUrl: 'https://i.example/1',
      source: second.name,
    });
  });

  test('is done once: what was learnt is believed for its time, and asked anew after it', async () => {
    const asked = source(FOUND);
    const service = lookups(asked);
    const gtin = await parked();
    await run(service, gtin);
    now = new Date(NOW.getTime() + 23 * HOUR_MS);
    await run(service, gtin);
    expect(asked.asked).toHaveLength(1);
    now = new Date(NOW.getTime() + 25 * HOUR_MS);
    asked.answers(FAILED);
    expect(await run(service, gtin)).toBeInstanceOf(Error);
    expect(asked.asked).toHaveLength(2);
    expect((await suggestion(gtin))?.name).toBe('Maize meal');
  });

  test('that nobody knows is remembered for a shorter time, and suggests nothing', async () => {
    const asked = source(UNKNOWN);
    const service = lookups(asked);
    const gtin = await parked();
    expect(await run(service, gtin)).toBeUndefined();
    await run(service, gtin);
    expect(asked.asked).toHaveLength(1);
    expect(await suggestion(gtin)).toBeUndefined();
    now = new Date(NOW.getTime() + 2 * HOUR_MS);
    asked.answers(FOUND);
    await run(service, gtin);
    expect((await suggestion(gtin))?.name).toBe('Maize meal');
  });

  test('is tried again where somebody has not answered; who has is not asked twice', async () => {
    const [well, down] = [source(UNKNOWN), source(FAILED)];
    const service = lookups(well, down);
    const gtin = await parked();
    expect(await run(service, gtin)).toMatchObject({ message: 'It took too long.' });
    down.answers(FOUND);
    expect(await run(service, gtin)).toBeUndefined();
    expect([well.asked.length, down.asked.length]).toEqual([1, 2]);
    expect((await suggestion(gtin))?.source).toBe(down.name);
  });

  test('goes on to the next where one is down, and is done where that one knows', async () => {
    const gtin = await parked();
    expect(await run(lookups(source(FAILED), source(FOUND)), gtin)).toBeUndefined();
    expect((await suggestion(gtin))?.name).toBe('Maize meal');
  });

  test('is put off where all ask for patience, and counts as failed where one failed', async () => {
    const gtin = await parked();
    const patience = await run(lookups(source(LATER), source({ ...LATER, retryAfterMs: 30_000 })), gtin);
    expect(patience).toBeInstanceOf(NotNow);
    expect((patience as NotNow).delayMs).toBeGreaterThan(29_000);
    expect((patience as NotNow).delayMs).toBeLessThanOrEqual(30_000);
    const failure = await run(lookups(source(LATER), source(FAILED)), gtin);
    expect(failure).not.toBeInstanceOf(NotNow);
    expect(failure).toMatchObject({ message: 'It asks for patience. It took too long.' });
  });

  test('that waits for long asks ever more rarely', async () => {
    const gtin = await parked();
    now = new Date(NOW.getTime() + 8 * HOUR_MS);
    const patience = (await run(lookups(source(LATER)), gtin)) as NotNow;
    expect(patience.delayMs).toBeGreaterThanOrEqual(HOUR_MS / 2);
  });

  test('is none where the code has a name by now', async () => {
    const asked = source(FOUND);
    const gtin = await parked();
    const item = await bench.item({});
    await bench.parked.resolve(bench.shop.actor, { code: gtin, itemId: item.id });
    expect(await run(lookups(asked), gtin)).toBeUndefined();
    expect(asked.asked).toEqual([]);
  });

  test('of what is no code is given up', async () => {
    for (const gtin of ['123', 6, undefined]) expect(await run(lookups(source(FOUND)), gtin)).toBeInstanceOf(GiveUp);
    expect(await run(lookups(source(FOUND)), await parked(), null)).toBeInstanceOf(GiveUp);
  });

  test('says nothing to another shop', async () => {
    const other = await ScanBench.create(database);
    const gtin = await parked();
    await run(lookups(source(FOUND)), gtin);
    expect(await suggestion(gtin, other.shop.shop.id)).toBeUndefined();
    const asked = source(FOUND);
    await other.scan(gtin);
    await run(lookups(asked), gtin, other.shop.shop.id);
    expect(asked.asked).toEqual([gtin]);
  });

  test('keeps nothing that the database would not take from a source that lies', async () => {
    const gtin = await parked();
    const product = { name: `\u0000${'x'.repeat(500)}\ud800`, brand: 'y'.repeat(500), imageUrl: 'http://i.example/1' };
    expect(await run(lookups(source({ outcome: 'FOUND', product })), gtin)).toBeUndefined();
    expect(await suggestion(gtin)).toMatchObject({ name: 'x'.repeat(200), brand: 'y'.repeat(100), imageUrl: null });
  });
});

describe('a source', () => {
  test('is asked so often in a time and no more, whoever asks', async () => {
    const asked = source(UNKNOWN, [
      { questions: 5, periodMs: HOUR_MS },
      { questions: 3, periodMs: 60_000 },
    ]);
    const results = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const gtin = await parked();
        return run(lookups(asked), gtin);
      }),
    );
    expect(asked.asked).toHaveLength(3);
    const putOff = results.filter((result) => result instanceof NotNow);
    expect(putOff).toHaveLength(3);
    expect(putOff[0]?.message).toBe(`${asked.name} is asked no more for now: its limit is reached.`);
    for (const { delayMs } of putOff) expect(delayMs).toBeLessThanOrEqual(60_000);
  });

  test('is left alone by all for as long as it asks for', async () => {
    const asked = source({ ...LATER, retryAfterMs: HOUR_MS });
    await run(lookups(asked), await parked());
    const next = (await run(lookups(asked), await parked())) as NotNow;
    expect(asked.asked).toHaveLength(1);
    expect(next.delayMs).toBeGreaterThan(HOUR_MS - 60_000);
  });

  test('that says it wants no more for now has answered all the same', async () => {
    const asked = source({ ...FOUND, pauseMs: HOUR_MS });
    expect(await run(lookups(asked), await parked())).toBeUndefined();
    expect(await run(lookups(asked), await parked())).toBeInstanceOf(NotNow);
    expect(asked.asked).toHaveLength(1);
  });

  test('that this process leaves alone has lost no question by it', async () => {
    const asked = source({ ...LATER, isOwnLimit: false }, [{ questions: 1, periodMs: HOUR_MS }]);
    await run(lookups(asked), await parked());
    asked.answers(FOUND);
    expect(await run(lookups(asked), await parked())).toBeUndefined();
    expect(asked.asked).toHaveLength(2);
  });
});
