import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RequestError } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/ids.js';
import { quantity } from '../../../src/kernel/quantity.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { brief, eanOf, NOW, ScanBench } from './scan-bench.js';

let database: TestDatabase;
let bench: ScanBench;
beforeAll(async () => {
  database = await createTestDatabase();
  bench = await ScanBench.create(database);
});
afterAll(() => database.drop());

const q = quantity;

describe('what a scan does', () => {
  test.each([
    ['SALE', 'APPLIED SALE -1 (4)', '4 left'],
    ['ISSUE', 'APPLIED ISSUE -1 (4)', '4 left'],
    ['RECEIVE', 'APPLIED RECEIPT 1 (6)', '6 left'],
    ['LOOKUP', 'APPLIED (5)', '5 left'],
  ] as const)('%s', async (mode, expected, left) => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const verdict = await bench.scan(code, {}, bench.scanner(mode));
    expect([brief(verdict), verdict.say]).toEqual([expected, `Maize meal 10 kg: ${left}`]);
    expect([verdict.stockItem?.name, verdict.parsed]).toEqual(['Maize meal 10 kg', { gtin: `0${code}` }]);
  });

  test('COUNT sets the level to what was found, 0 too, and needs a quantity', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const count = (more: object) => bench.scan(code, more, bench.scanner('COUNT'));
    expect(brief(await count({ quantity: q(3) }))).toBe('APPLIED COUNT -2 (3)');
    expect(brief(await count({}))).toBe('REJECTED INVALID quantity (3)');
    expect(brief(await count({ quantity: q(0) }))).toBe('APPLIED COUNT -3 (0)');
    expect(brief(await count({ quantity: q(-1) }))).toMatch('REJECTED INVALID quantity');
  });

  test('a look-up leaves no trace, and knows an item that was never in stock', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' } });
    const before = await bench.countRows('idempotency_key');
    const verdict = await bench.scan(code, {}, bench.scanner('LOOKUP'));
    expect([brief(verdict), verdict.say]).toEqual(['APPLIED', 'Maize meal 10 kg: 0 left']);
    expect(await bench.countRows('idempotency_key')).toBe(before);
  });

  test("the scan's own mode and location go before the key's", async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const [, second] = bench.shop.locations;
    const byId = await bench.scan(code, { mode: 'RECEIVE', location: { sent: 'x', id: second?.id } });
    const byCode = await bench.scan(code, { mode: 'RECEIVE', location: { sent: 'l2', code: ' l2' } });
    expect([brief(byId), brief(byCode)]).toEqual(['APPLIED RECEIPT 1 (1)', 'APPLIED RECEIPT 1 (2)']);
  });

  test('a scan without mode or location is refused where nobody can tell them', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const unbound = bench.scanner('SALE', { locationId: undefined });
    expect(brief(await bench.scan(code, {}, bench.scanner()))).toBe('REJECTED INVALID mode (5)');
    expect(brief(await bench.scan(code, {}, unbound))).toBe('REJECTED INVALID location');
    expect(brief(await bench.scan(code, { location: { sent: 'nowhere' } }))).toBe('REJECTED NOT_FOUND location');
    const small = await ScanBench.create(database, 1);
    const own = small.ean();
    await small.item({ codes: { [own]: '1' } });
    expect(brief(await small.scan(own, { mode: 'RECEIVE' }, small.scanner('SALE', { locationId: undefined })))).toBe(
      'APPLIED RECEIPT 1 (1)',
    );
  });

  test('a refusal is short on the small screen and carries the level', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '2' });
    const verdict = await bench.scan(code, { quantity: q(3) });
    expect(brief(verdict)).toBe('REJECTED INSUFFICIENT_STOCK quantity (2)');
    expect(verdict.say).toBe('Maize meal 10 kg: only 2 left, nothing taken');
  });
});

describe('how much a scan moves', () => {
  test("a pack's barcode moves its pack quantity, and a quantity counts packs", async () => {
    const [single, pack] = [bench.ean(), bench.ean()];
    await bench.item({ codes: { [single]: '1', [pack]: '12' }, onHand: '100' });
    expect(brief(await bench.scan(pack))).toBe('APPLIED SALE -12 (88)');
    expect(brief(await bench.scan(pack, { quantity: q(2) }))).toBe('APPLIED SALE -24 (64)');
    expect(brief(await bench.scan(single, { quantity: q(2) }))).toBe('APPLIED SALE -2 (62)');
    expect(brief(await bench.scan(`(01)0${pack}(30)3`))).toBe('APPLIED SALE -36 (26)');
    expect(brief(await bench.scan(`(02)0${single}(37)6`, {}, bench.scanner('COUNT')))).toBe('APPLIED COUNT -20 (6)');
    expect(brief(await bench.scan(single, { quantity: q(0) }))).toBe('REJECTED INVALID quantity (6)');
  });

  test('the weight in a code counts where the item is in kg', async () => {
    const [loose, each] = [bench.ean(), bench.ean()];
    await bench.item({ name: 'Tomatoes loose', unit: 'kg', codes: { [loose]: '1' }, onHand: '5.25' });
    await bench.item({ codes: { [each]: '1' }, onHand: '5' });
    const sold = await bench.scan(`(01)0${loose}(3103)001750`);
    expect([brief(sold), sold.say]).toEqual(['APPLIED SALE -1.75 (3.5)', 'Tomatoes loose: 3.5 kg left']);
    expect(brief(await bench.scan(`(01)0${each}(3103)001750`))).toBe('APPLIED SALE -1 (4)');
    expect(brief(await bench.scan(`(01)0${loose}(3103)002000`, {}, bench.scanner('COUNT')))).toBe('APPLIED COUNT -1.5 (2)');
  });

  test("a scale's number: weight, price through the sale price, and the shop's own number before all", async () => {
    const scaled = await ScanBench.create(database);
    const shop = Object.assign(scaled.shop.shop, { variableMeasure: '20-24:ITEM5_PRICE5,28:ITEM5_WEIGHT5' });
    const scan = (code: string) => scaled.scan(code, {}, scaled.scanner('RECEIVE', { shop }));
    await scaled.item({ unit: 'kg', salePrice: '29.99', codes: { '2012345': '1' } });
    await scaled.item({ unit: 'kg', codes: { '2812345': '1' } });
    await scaled.item({ unit: 'kg', codes: { '2054321': '1' } });
    const own = eanOf('201234599999');
    expect(brief(await scan(eanOf('281234501250')))).toBe('APPLIED RECEIPT 1.25 (1.25)');
    // 44.50 / 29.99 = 1.48382…
    expect(brief(await scan(eanOf('201234504450')))).toBe('APPLIED RECEIPT 1.484 (1.484)');
    expect(brief(await scan(eanOf('205432104450')))).toBe('APPLIED RECEIPT 1 (1)');
    await scaled.item({ unit: 'kg', salePrice: '29.99', codes: { [own]: '1' } });
    expect(brief(await scan(own))).toBe('APPLIED RECEIPT 1 (1)');
  });
});

describe('a scan sent again', () => {
  test('gets its first movement, and the level as it is now', async () => {
    const code = bench.ean();
    const item = await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const id = newId();
    const first = await bench.scan(code, { id, quantity: q(1), scannedAt: new Date('2026-11-22T10:00:00Z') });
    await bench.scan(code);
    const again = await bench.scan(` ${code}\n`, { id, quantity: q('1.0'), seq: 7, scannedAt: new Date('2026-11-22T11:00:00Z') });
    expect([brief(first), brief(again)]).toEqual(['APPLIED SALE -1 (4)', 'REPLAYED SALE -1 (3)']);
    expect([again.movement?.id, again.say]).toEqual([first.movement?.id, 'Maize meal 10 kg: 3 left']);
    expect(await bench.onHand(item)).toBe('3');
  });

  test('as another scan is refused: code, mode, quantity or location', async () => {
    const [code, other, unknown] = [bench.ean(), bench.ean(), bench.ean()];
    await bench.item({ codes: { [code]: '1', [other]: '1' }, onHand: '5' });
    const id = newId();
    await bench.scan(code, { id });
    const verdicts = [
      await bench.scan(other, { id }),
      await bench.scan(unknown, { id }),
      await bench.scan(code, { id, mode: 'RECEIVE' }),
      await bench.scan(code, { id, mode: 'LOOKUP' }),
      await bench.scan(code, { id, quantity: q(2) }),
      await bench.scan(code, { id, location: { sent: 'L1', code: 'L1' } }),
    ];
    for (const verdict of verdicts) expect(brief(verdict)).toMatch(/^REJECTED KEY_REUSED id/);
    expect(brief(await bench.scan(code, { id }))).toBe('REPLAYED SALE -1 (4)');
  });

  test('gets its first movement even where it would be refused or could not be read now, alone and beside others', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const id = newId();
    await bench.scan(code, { id });
    expect(brief(await bench.scan(code, { id }, bench.scanner()))).toBe('REPLAYED SALE -1 (4)');
    const device = bench.shop.actor.actorId;
    const scans = [
      { id: newId(), code, mode: 'LOOKUP' as const },
      { id, code },
      { id: newId(), code: bench.ean(), mode: 'RECEIVE' as const },
      { id, code: '6001087340015' },
    ];
    const { results } = await bench.scans.submit(bench.scanner(), { device, scans });
    expect(results.map(brief)).toEqual(['APPLIED (4)', 'REPLAYED SALE -1 (4)', 'PARKED', 'REJECTED KEY_REUSED id']);
  });

  test('a refused scan does not spend its id', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '1' });
    const id = newId();
    expect(brief(await bench.scan(code, { id, quantity: q(2) }))).toBe('REJECTED INSUFFICIENT_STOCK quantity (1)');
    expect(brief(await bench.scan(code, { id }))).toBe('APPLIED SALE -1 (0)');
  });

  test('is the same item even when its barcode has gone to another one, or to nobody', async () => {
    const code = bench.ean();
    const item = await bench.item({ name: 'Old', codes: { [code]: '1' }, onHand: '5' });
    const id = newId();
    await bench.scan(code, { id });
    await bench.rows('delete from barcode where stock_item_id = ?', [item.id]);
    const nobody = await bench.scan(code, { id });
    await bench.item({ name: 'New', codes: { [code]: '1' } });
    const another = await bench.scan(code, { id });
    expect([nobody, another].map((verdict) => [brief(verdict), verdict.say])).toEqual([
      ['REPLAYED SALE -1 (4)', 'Old: 4 left'],
      ['REPLAYED SALE -1 (4)', 'Old: 4 left'],
    ]);
    expect(await bench.countRows('parked_scan', `scan_id = '${id}'`)).toBe(0);
  });

  test('devices have ids of their own, however their names are cut', async () => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const submit = async (device: string, id: string) =>
      (await bench.scans.submit(bench.scanner('SALE'), { device, scans: [{ id, code }] })).results.map(brief);
    expect(await submit('a', 'b/c')).toEqual(['APPLIED SALE -1 (4)']);
    expect(await submit('a/b', 'c')).toEqual(['APPLIED SALE -1 (3)']);
    const long = 'd'.repeat(200);
    expect(await submit(long, long)).toEqual(['APPLIED SALE -1 (2)']);
    expect(await submit(long, long)).toEqual(['REPLAYED SALE -1 (2)']);
    expect(await submit(long, `${long.slice(1)}e`)).toEqual(['APPLIED SALE -1 (1)']);
  });
});

describe('ids and devices', () => {
  test.each([
    ['blank', ' '],
    ['too long', 'x'.repeat(201)],
    ['not storable', 'a\0'],
    ['half a character', '\ud800'],
  ])('an id that is %s is refused', async (_, id) => {
    const code = bench.ean();
    await bench.item({ codes: { [code]: '1' }, onHand: '5' });
    const verdict = await bench.scan(code, { id });
    expect([verdict.id, brief(verdict)]).toEqual([id, 'REJECTED INVALID id (5)']);
  });

  test.each(['', ' ', 'x'.repeat(201), 'a\0'])('a device of a bad name is refused as a whole', async (device) => {
    await expect(bench.scans.submit(bench.scanner('SALE'), { device, scans: [] })).rejects.toBeInstanceOf(RequestError);
  });
});

test('the time of a scan becomes that of its movement: corrected by the skew, never in the future, now for a clock that was never set', async () => {
  const code = bench.ean();
  await bench.item({ codes: { [code]: '1' }, onHand: '50' });
  const at = (scannedAt: string) => ({ id: newId(), code, scannedAt: new Date(scannedAt) });
  const { results, clockSkewMs } = await bench.scans.submit(bench.scanner('SALE'), {
    device: 'till',
    sentAt: new Date(NOW.getTime() + 60_000),
    scans: [at('2026-11-22T11:00:00Z'), at('2026-11-22T12:30:00Z'), at('1970-01-02T00:00:00Z')],
  });
  expect(clockSkewMs).toBe(-60_000);
  expect(results.map(({ movement }) => movement?.occurredAt)).toEqual([new Date('2026-11-22T10:59:00Z'), NOW, NOW]);
});
