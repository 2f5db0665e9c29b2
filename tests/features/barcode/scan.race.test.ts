import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScanVerdict } from '../../../src/features/barcode/scan-verdict.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { brief, ScanBench } from './scan-bench.js';

const CLIENTS = 12;
const ROUNDS = 15;

let database: TestDatabase;
let bench: ScanBench;
beforeAll(async () => {
  database = await createTestDatabase({ poolMax: CLIENTS });
  bench = await ScanBench.create(database);
});
afterAll(() => database.drop());

const atOnce = <T>(act: (client: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CLIENTS }, (_, client) => act(client)));
const outcomes = (verdicts: readonly ScanVerdict[]) => verdicts.map(({ outcome }) => outcome).sort();
const parkedRows = (id: string) => bench.countRows('parked_scan', `scan_id = '${id}'`);

test('one beep sent many times at once is one movement', async () => {
  const code = bench.ean();
  const item = await bench.item({ codes: { [code]: '1' }, onHand: '100' });
  const id = newId();
  const verdicts = await atOnce(() => bench.scan(code, { id }));
  expect(outcomes(verdicts)).toEqual(['APPLIED', ...Array<string>(CLIENTS - 1).fill('REPLAYED')]);
  expect(new Set(verdicts.map(({ movement }) => movement?.id)).size).toBe(1);
  expect(await bench.onHand(item)).toBe('99');
});

test('one beep of an unknown code sent many times at once is parked once', async () => {
  const [code, id] = [bench.ean(), newId()];
  const verdicts = await atOnce(() => bench.scan(code, { id }));
  expect(outcomes(verdicts)).toEqual(Array<string>(CLIENTS).fill('PARKED'));
  expect(await parkedRows(id)).toBe(1);
});

test('of many unknown codes sent at once under one id one is parked, the others are refused', async () => {
  const id = newId();
  const verdicts = await atOnce((client) => bench.scan(`SHELF-${String(client)}`, { id }));
  expect(outcomes(verdicts)).toEqual(['PARKED', ...Array<string>(CLIENTS - 1).fill('REJECTED')]);
  expect(await parkedRows(id)).toBe(1);
});

test('many who name one code at once apply what it had held once', async () => {
  const code = bench.ean();
  const item = await bench.item({ onHand: '100' });
  const scans = Array.from({ length: 20 }, () => ({ id: newId(), code }));
  await bench.scans.submit(bench.scanner('SALE'), { device: 'till', scans });
  const resolutions = await atOnce(() => bench.parked.resolve(bench.shop.actor, { code, itemId: item.id }));
  expect(resolutions.flatMap(({ applied }) => applied).filter(({ outcome }) => outcome === 'APPLIED')).toHaveLength(20);
  expect(await bench.onHand(item)).toBe('80');
  expect(await bench.countRows('parked_scan', `device = 'till' and resolved_at is null`)).toBe(0);
});

test('two who name one code for different items: one of them does', async () => {
  const code = bench.ean();
  const items = [await bench.item({ onHand: '10' }), await bench.item({ onHand: '10' })];
  await bench.scan(code);
  const settled = await Promise.allSettled(items.map(({ id }) => bench.parked.resolve(bench.shop.actor, { code, itemId: id })));
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await Promise.all(items.map((item) => bench.onHand(item)))).sort()).toEqual(['10', '9']);
});

test('no scan stays parked unseen that comes while its code is named, and each is done once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const code = bench.ean();
    const item = await bench.item({ onHand: '100' });
    const naming = { code, itemId: item.id };
    const [, ...verdicts] = await Promise.all([
      bench.parked.resolve(bench.shop.actor, naming),
      ...Array.from({ length: CLIENTS }, () => bench.scan(code)),
    ]);
    expect(await bench.onHand(item)).toBe(String(100 - CLIENTS));
    expect(await bench.countRows('parked_scan', `normalized = '0${code}' and resolved_at is null`)).toBe(0);
    expect(verdicts.map(brief).filter((verdict) => verdict.startsWith('REJECTED'))).toEqual([]);
  }
});
