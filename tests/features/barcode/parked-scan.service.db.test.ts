import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParkedScanReader } from '../../../src/features/barcode/index.js';
import type { ParkedScanResolution } from '../../../src/features/barcode/parked-scan.service.js';
import { DomainError, RequestError } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/ids.js';
import { formatQuantity, quantity } from '../../../src/kernel/quantity.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { brief, ScanBench } from './scan-bench.js';

let database: TestDatabase;
let bench: ScanBench;
beforeAll(async () => {
  database = await createTestDatabase();
  bench = await ScanBench.create(database);
});
afterAll(() => database.drop());

const owner = () => bench.shop.actor;
const briefs = ({ applied }: ParkedScanResolution) => applied.map(brief);
const open = (code: string) => bench.countRows('parked_scan', `normalized = '0${code}' and resolved_at is null`);
async function refusalOf(act: Promise<unknown>): Promise<unknown> {
  const error = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof DomainError ? [error.code, error.path.join('.')] : error;
}

describe('naming a code', () => {
  test('applies what it had held, in the order of the scans, each once; a resend is seen before', async () => {
    const code = bench.ean();
    const item = await bench.item({});
    const at = (minute: string) => new Date(`2026-11-22T10:${minute}:00Z`);
    const sold = newId();
    // The sale came first, but was made after the receipt.
    await bench.scan(code, { id: sold, quantity: quantity(2), scannedAt: at('30') });
    await bench.scan(code, { mode: 'RECEIVE', quantity: quantity(3), scannedAt: at('10') });
    await bench.scan(`(01)0${code}(10)LOT1`, { mode: 'LOOKUP', scannedAt: at('40') });
    const resolution = await bench.parked.resolve(owner(), { code, itemId: item.id, quantity: quantity(12) });
    expect(briefs(resolution)).toEqual(['APPLIED RECEIPT 36 (12)', 'APPLIED SALE -24 (12)', 'APPLIED (12)']);
    expect(resolution.stockItem.id).toBe(item.id);
    expect(resolution.applied.map(({ movement }) => movement?.occurredAt)).toEqual([at('10'), at('30'), undefined]);
    expect(await open(code)).toBe(0);
    expect(briefs(await bench.parked.resolve(owner(), { code, itemId: item.id, quantity: quantity(12) }))).toEqual([]);
    expect(brief(await bench.scan(code, { id: sold, quantity: quantity(2) }))).toBe('REPLAYED SALE -24 (12)');
    expect(await bench.onHand(item)).toBe('12');
  });

  test('leaves parked what is refused, and says why; called again it tries again', async () => {
    const code = bench.ean();
    const item = await bench.item({ onHand: '1' });
    await bench.scan(code);
    await bench.scan(code);
    const naming = { code, itemId: item.id };
    expect(briefs(await bench.parked.resolve(owner(), naming))).toEqual([
      'APPLIED SALE -1 (0)',
      'REJECTED INSUFFICIENT_STOCK quantity (0)',
    ]);
    expect(await open(code)).toBe(1);
    await bench.scan(code, { mode: 'RECEIVE' });
    expect(briefs(await bench.parked.resolve(owner(), naming))).toEqual(['APPLIED SALE -1 (0)']);
    expect(await open(code)).toBe(0);
  });

  test('goes on behind 500 scans', async () => {
    const code = bench.ean();
    const item = await bench.item({ onHand: '500' });
    for (const device of ['a', 'b']) {
      const scans = Array.from({ length: 300 }, () => ({ id: newId(), code }));
      await bench.scans.submit(bench.scanner('SALE'), { device, scans });
    }
    const { applied } = await bench.parked.resolve(owner(), { code, itemId: item.id });
    expect(applied.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(500).fill('APPLIED'),
      ...Array<string>(100).fill('REJECTED'),
    ]);
    expect([await bench.onHand(item), await open(code)]).toEqual(['0', 100]);
  });

  test('is refused where the code is another item’s, is none, or the item is not there', async () => {
    const [code, taken] = [bench.ean(), bench.ean()];
    const item = await bench.item({});
    await bench.item({ codes: { [taken]: '1' } });
    await bench.scan(code);
    const name = (naming: object) => refusalOf(bench.parked.resolve(owner(), { code, itemId: item.id, ...naming }));
    expect(await name({ code: taken })).toEqual(['DUPLICATE', 'code']);
    expect(await name({ code: '6001087340015' })).toEqual(['INVALID', 'code']);
    expect(await name({ code: ' ' })).toEqual(['INVALID', 'code']);
    expect(await name({ itemId: newId() })).toEqual(['NOT_FOUND', 'stockItem']);
    expect(await name({ itemId: undefined })).toEqual(['NOT_FOUND', 'stockItem']);
    expect(await name({ quantity: quantity(0) })).toEqual(['INVALID', 'quantity']);
    expect(await open(code)).toBe(1);
  });

  test('of a message registers the GTIN, so that the next lot is known too; of a text the text', async () => {
    const gtin = bench.ean();
    const item = await bench.item({ onHand: '9' });
    await bench.parked.resolve(owner(), { code: `]C1010${gtin}10LOT1`, itemId: item.id });
    await bench.parked.resolve(owner(), { code: 'Shelf-17 ', itemId: item.id });
    const long = 'x'.repeat(1500);
    await bench.parked.resolve(owner(), { code: long, itemId: item.id });
    for (const code of [gtin, `(01)0${gtin}(10)LOT2`, 'Shelf-17', long]) {
      expect((await bench.scan(code, { mode: 'LOOKUP' })).stockItem?.id).toBe(item.id);
    }
    const [row] = await bench.rows<{ value: string }>('select value from barcode where normalized = ?', [`0${gtin}`]);
    expect(row?.value).toBe(gtin);
  });
});

describe('creating the item', () => {
  const draft = () => ({ sku: newId(), name: 'New bread' });

  test('registers the code beside its own and applies what it had held', async () => {
    const [code, own] = [bench.ean(), bench.ean()];
    await bench.scan(code, { mode: 'RECEIVE', quantity: quantity(2) });
    const resolution = await bench.parked.createItem(owner(), code, {
      ...draft(),
      barcodes: [{ value: own, quantity: quantity(6) }],
    });
    expect([resolution.stockItem.name, briefs(resolution)]).toEqual(['New bread', ['APPLIED RECEIPT 2 (2)']]);
    expect((await bench.scan(own, { mode: 'LOOKUP' })).stockItem?.id).toBe(resolution.stockItem.id);
  });

  test('takes the quantity that the input gives the code', async () => {
    const code = bench.ean();
    await bench.scan(code, { mode: 'RECEIVE' });
    const barcodes = [{ value: `0${code}`, quantity: quantity(6) }];
    expect(briefs(await bench.parked.createItem(owner(), code, { ...draft(), barcodes }))).toEqual(['APPLIED RECEIPT 6 (6)']);
  });

  test('makes no item where the code is taken or the input is refused', async () => {
    const [code, taken] = [bench.ean(), bench.ean()];
    await bench.item({ codes: { [taken]: '1' } });
    const input = draft();
    expect(await refusalOf(bench.parked.createItem(owner(), taken, input))).toEqual(['DUPLICATE', 'code']);
    expect(await refusalOf(bench.parked.createItem(owner(), code, { ...input, barcodes: [{ value: taken }] }))).toEqual([
      'DUPLICATE',
      'barcodes.0.value',
    ]);
    expect(await refusalOf(bench.parked.createItem(owner(), code, { ...input, name: ' ' }))).toEqual(['INVALID', 'name']);
    expect(await refusalOf(bench.parked.createItem(owner(), '6001087340015', input))).toEqual(['INVALID', 'code']);
    expect(await bench.rows('select 1 from stock_item where sku = ?', [input.sku.toUpperCase()])).toEqual([]);
  });
});

test('the list has what waits, the first that came first, by pages', async () => {
  const other = await ScanBench.create(database);
  const codes = ['A-1', 'A-2', 'A-3', 'A-4'];
  for (const code of codes) await other.scan(code);
  const item = await other.item({ onHand: '5' });
  await other.parked.resolve(other.shop.actor, { code: 'A-2', itemId: item.id });
  const reader = new ParkedScanReader(database.orm.em.fork(), other.shop.shop.id);
  const first = await reader.waiting({ first: 2 });
  expect([first.nodes.map(({ code }) => code), first.pageInfo.hasNextPage, await first.totalCount()]).toEqual([
    ['A-1', 'A-3'],
    true,
    3,
  ]);
  const second = await reader.waiting({ first: 2, after: first.pageInfo.endCursor });
  expect([second.nodes.map(({ code }) => code), second.pageInfo.hasNextPage, await second.totalCount()]).toEqual([
    ['A-4'],
    false,
    3,
  ]);
  await expect(reader.waiting({ first: 0 })).rejects.toThrow(RequestError);
  const [waiting] = first.nodes;
  const again = await reader.byId(waiting?.id ?? '');
  expect([again?.code, again?.mode, again?.quantity, again?.device]).toEqual(['A-1', 'SALE', null, other.shop.actor.actorId]);
  const elsewhere = new ParkedScanReader(database.orm.em.fork(), bench.shop.shop.id);
  expect(await elsewhere.byId(waiting?.id ?? '')).toBeUndefined();
  expect(formatQuantity(quantity((await other.onHand(item)) || '0'))).toBe('4');
});
