import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const q = quantity;

describe('a code that nobody knows', () => {
  test('is parked once, in every mode, however often it is sent', async () => {
    for (const mode of ['LOOKUP', 'RECEIVE', 'ISSUE', 'SALE'] as const) {
      const [code, id] = [bench.ean(), newId()];
      const verdicts = [await bench.scan(code, { id, mode }), await bench.scan(code, { id, mode })];
      expect(verdicts.map(brief)).toEqual(['PARKED', 'PARKED']);
      expect(verdicts[0]?.say).toBe(`${code}: unknown code, kept`);
      expect(await bench.countRows('parked_scan', `scan_id = '${id}'`)).toBe(1);
    }
  });

  test('is kept as it was scanned, with what the scanner was set to', async () => {
    const id = newId();
    const scannedAt = new Date('2026-11-22T09:00:00Z');
    const code = `(01)06001087340014(10)LOT42`;
    await bench.scan(` ${code}\r\n`, { id, quantity: q('2.5'), seq: 3_000_000_000, scannedAt });
    const [row] = await bench.rows<Record<string, unknown>>('select * from parked_scan where scan_id = ?', [id]);
    expect(row).toMatchObject({
      code,
      normalized: '06001087340014',
      mode: 'SALE',
      quantity: '2.500000',
      location_id: bench.location.id,
      seq: null,
    });
    expect(new Date(String(row?.scanned_at))).toEqual(scannedAt);
  });

  test('is refused under an id that stands for another scan', async () => {
    const id = newId();
    await bench.scan(bench.ean(), { id });
    expect(brief(await bench.scan(bench.ean(), { id }))).toBe('REJECTED KEY_REUSED id');
    const known = bench.ean();
    await bench.item({ codes: { [known]: '1' }, onHand: '5' });
    expect(brief(await bench.scan(known, { id }))).toBe('REJECTED KEY_REUSED id (5)');
  });

  test('is rejected where it cannot be right', async () => {
    for (const [code, field] of [
      ['6001087340015', 'code'],
      ['', 'code'],
      ['  ', 'code'],
      ['a\0b', 'code'],
      [']d2', 'code'],
    ] as const) {
      expect(brief(await bench.scan(code))).toBe(`REJECTED INVALID ${field}`);
    }
    expect(brief(await bench.scan(bench.ean(), { mode: 'COUNT' }))).toBe('REJECTED INVALID quantity');
    expect(brief(await bench.scan(bench.ean(), { quantity: q(0) }))).toBe('REJECTED INVALID quantity');
    expect(brief(await bench.scan(bench.ean(), { quantity: q(0), mode: 'COUNT' }))).toBe('PARKED');
  });

  test("a shop's own code wins over everything, even over a wrong check digit", async () => {
    const item = await bench.item({ name: 'Own', onHand: '5' });
    await bench.rows(
      `insert into barcode (shop_id, normalized, value, stock_item_id, quantity, is_default) values (?, '6001087340015', '6001087340015', ?, 1, false)`,
      [bench.shop.shop.id, item.id],
    );
    expect(brief(await bench.scan('6001087340015'))).toBe('APPLIED SALE -1 (4)');
  });

  test('is applied, not parked again, when it is sent after its code was named elsewhere', async () => {
    const [code, id] = [bench.ean(), newId()];
    await bench.scan(code, { id });
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    // The key's mode is another one by now; the scan keeps the one that it was made with.
    const again = await bench.scan(code, { id }, bench.scanner('RECEIVE'));
    expect(brief(again)).toBe('APPLIED SALE -1 (4)');
    expect(await bench.countRows('parked_scan', `scan_id = '${id}' and resolved_at is not null`)).toBe(1);
    expect(brief(await bench.scan(code, { id }))).toBe('REPLAYED SALE -1 (4)');
  });

  test('a look-up that was parked is answered as seen before, once it was answered', async () => {
    const [code, id] = [bench.ean(), newId()];
    const lookup = () => bench.scan(code, { id, mode: 'LOOKUP' });
    await lookup();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    expect([brief(await lookup()), brief(await lookup())]).toEqual(['APPLIED (5)', 'REPLAYED (5)']);
  });
});
