import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RequestError } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { brief, ScanBench } from './scan-bench.js';

let database: TestDatabase;
let bench: ScanBench;
beforeAll(async () => {
  database = await createTestDatabase();
  bench = await ScanBench.create(database);
});
afterAll(() => database.drop());

const submit = async (scans: object[], more: object = {}) => {
  const withIds = scans.map((scan) => ({ id: newId(), code: '', ...scan }));
  return (await bench.scans.submit(bench.scanner('SALE'), { device: 'till', scans: withIds, ...more })).results;
};

test('scans are applied in the order of seq and answered in the order in which they came', async () => {
  const code = bench.ean();
  await bench.item({ codes: { [code]: '1' } });
  const results = await submit([
    { id: 'last', code, seq: 3 },
    { id: 'second', code, seq: 2 },
    { id: 'unnumbered', code, mode: 'LOOKUP' },
    { id: 'first', code, seq: 1, mode: 'RECEIVE', quantity: quantity(2) },
  ]);
  expect(results.map((result) => `${result.id}: ${brief(result)}`)).toEqual([
    'last: APPLIED SALE -1 (0)',
    'second: APPLIED SALE -1 (0)',
    'unnumbered: APPLIED (0)',
    'first: APPLIED RECEIPT 2 (0)',
  ]);
});

test('one id twice in a batch is one scan; with another code it is refused', async () => {
  const [code, unknown, other] = [bench.ean(), bench.ean(), bench.ean()];
  await bench.item({ codes: { [code]: '1' }, onHand: '9' });
  const [known, kept] = [newId(), newId()];
  const results = await submit([
    { id: known, code },
    { id: known, code },
    { id: known, code: unknown },
    { id: kept, code: unknown },
    { id: kept, code: unknown },
    { id: kept, code: other },
    { id: kept, code },
  ]);
  expect(results.map(brief)).toEqual([
    'APPLIED SALE -1 (8)',
    'REPLAYED SALE -1 (8)',
    'REJECTED KEY_REUSED id',
    'PARKED',
    'PARKED',
    'REJECTED KEY_REUSED id',
    'REJECTED KEY_REUSED id (8)',
  ]);
  expect(await bench.countRows('parked_scan', `scan_id = '${kept}'`)).toBe(1);
});

test('of 500 scans each has its own verdict; a refusal touches no neighbour', async () => {
  const [code, unknown] = [bench.ean(), bench.ean()];
  const item = await bench.item({ codes: { [code]: '1' }, onHand: '100' });
  const kinds = [
    { code },
    { code: unknown },
    { code: '6001087340015' },
    { code, mode: 'COUNT' },
    { code, quantity: quantity(1000) },
  ];
  const scans = Array.from({ length: 500 }, (_, index) => ({ id: newId(), ...kinds[index % kinds.length] }));
  const results = await submit(scans);
  expect(results.map(({ id }) => id)).toEqual(scans.map(({ id }) => id));
  for (const [index, result] of results.entries()) {
    const outcome = [/^APPLIED SALE -1/, /^PARKED$/, /INVALID code/, /INVALID quantity/, /INSUFFICIENT_STOCK/][
      index % kinds.length
    ];
    expect(brief(result)).toMatch(outcome ?? /never/);
  }
  expect(await bench.onHand(item)).toBe('0');
  expect((await submit(scans)).filter(({ outcome }) => outcome === 'REPLAYED')).toHaveLength(100);
  expect(await bench.onHand(item)).toBe('0');
});

test('501 scans are refused as a whole', async () => {
  const scans = Array.from({ length: 501 }, () => ({ code: 'SHELF-1' }));
  await expect(submit(scans)).rejects.toThrow(RequestError);
  expect(await bench.countRows('parked_scan', `code = 'SHELF-1'`)).toBe(0);
});

test('a dry run says what would become of the scans and writes nothing', async () => {
  const [code, unknown] = [bench.ean(), bench.ean()];
  const [fresh] = [bench.ean()];
  const item = await bench.item({ codes: { [code]: '1' }, onHand: '2' });
  await bench.item({ codes: { [fresh]: '1' } });
  const scans = [{ code }, { code, quantity: quantity(2) }, { code: unknown }, { code: fresh, mode: 'RECEIVE' }].map((scan) => ({
    id: newId(),
    ...scan,
  }));
  const count = async () => [
    await bench.countRows('parked_scan'),
    await bench.countRows('stock_movement'),
    await bench.countRows('idempotency_key'),
  ];
  const before = await count();
  const dry = await submit(scans, { dryRun: true });
  expect(dry.map(brief)).toEqual(['APPLIED (1)', 'REJECTED INSUFFICIENT_STOCK quantity (1)', 'PARKED', 'APPLIED (1)']);
  expect(dry.map(({ say }) => say)[2]).toBe(`${unknown}: unknown code`);
  expect([await count(), await bench.onHand(item)]).toEqual([before, '2']);
  const wet = await submit(scans);
  expect(wet.map(({ outcome }) => outcome)).toEqual(dry.map(({ outcome }) => outcome));
  expect((await submit(scans, { dryRun: true })).map(brief)[0]).toBe('REPLAYED SALE -1 (1)');
});

describe('the number of statements', () => {
  async function statementsOf(act: () => Promise<unknown>): Promise<number> {
    const logger = database.orm.config.getLogger();
    const seen = vi.spyOn(logger, 'logQuery').mockImplementation(() => undefined);
    try {
      await act();
      return seen.mock.calls.length;
    } finally {
      seen.mockRestore();
    }
  }

  async function mixed(size: number): Promise<object[]> {
    const kinds = [
      {},
      { mode: 'LOOKUP' },
      { mode: 'RECEIVE' },
      { mode: 'COUNT', quantity: quantity(5) },
      { quantity: quantity(99) },
    ];
    const codes: string[] = [];
    for (let made = 0; made < size; made += 1) {
      const code = bench.ean();
      codes.push(code);
      if (made % 2 === 0) await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    }
    return codes.map((code, index) => ({ id: newId(), code, ...kinds[index % kinds.length] }));
  }

  test('does not depend on how many scans there are, new or sent again', async () => {
    const [few, many] = [await mixed(10), await mixed(100)];
    const first = [await statementsOf(() => submit(few)), await statementsOf(() => submit(many))];
    const again = [await statementsOf(() => submit(few)), await statementsOf(() => submit(many))];
    expect(first[0]).toBeGreaterThan(10);
    expect(first[1]).toBe(first[0]);
    expect(again[1]).toBe(again[0]);
    expect(Math.max(...first, ...again)).toBeLessThan(50);
  });
});
