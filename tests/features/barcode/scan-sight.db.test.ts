import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { scanReaders } from '../../../src/app/scan-readers.js';
import { ParkedScanService, ScanJudge, ScanService, type ReadersOf } from '../../../src/features/barcode/index.js';
import { CatalogReader } from '../../../src/features/catalog/index.js';
import { StockReader } from '../../../src/features/stock/index.js';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { brief, NOW, ScanBench } from './scan-bench.js';

let database: TestDatabase;
let bench: ScanBench;
beforeAll(async () => {
  database = await createTestDatabase();
  bench = await ScanBench.create(database);
});
afterAll(() => database.drop());

interface Behind {
  readonly scans: ScanService;
  readonly parked: ParkedScanService;
}

/**
 * Services that read items, barcodes and levels as they are now, whatever is committed until the test ends: as from a cache that was not told
 * yet. Where they ask for what is committed they get that.
 */
async function behind(): Promise<Behind> {
  const { em: root } = database.orm;
  const old = root.fork();
  await old.begin({ isolationLevel: IsolationLevel.REPEATABLE_READ });
  onTestFinished(() => old.rollback());
  await old.execute('select count(*) from barcode');
  const judge = new ScanJudge(bench.work, { now: () => NOW }, bench.movements, oldReaders(root, old));
  return {
    scans: new ScanService({ now: () => NOW }, judge),
    parked: new ParkedScanService(bench.work, { now: () => NOW }, judge, bench.items),
  };
}

function oldReaders(root: EntityManager, old: EntityManager): ReadersOf {
  return (actor, sight) => {
    const { shopId } = actor;
    const current = scanReaders(root)(actor, sight);
    if (sight === 'COMMITTED') return current;
    return { ...current, catalog: new CatalogReader(old, shopId), stock: new StockReader(old, shopId) };
  };
}

const submit = async ({ scans }: Behind, requests: object[]) => {
  const batch = requests.map((request) => ({ id: newId(), code: '', ...request }));
  return (await scans.submit(bench.scanner('SALE'), { device: 'till', scans: batch })).results.map(brief);
};

test('a scan is not left parked whose code was named but not acknowledged yet', async () => {
  const [code, lookedUp] = [bench.ean(), bench.ean()];
  const late = await behind();
  await bench.item({ codes: { [code]: '1', [lookedUp]: '1' }, onHand: '5' });
  const stillUnknown = { code: bench.ean() };
  expect(await submit(late, [{ code }, stillUnknown, { code: lookedUp, mode: 'LOOKUP' }])).toEqual([
    'APPLIED SALE -1 (4)',
    'PARKED',
    'APPLIED (4)',
  ]);
  expect(await bench.countRows('parked_scan', `code in ('${code}', '${lookedUp}') and resolved_at is null`)).toBe(0);
});

test('whoever names a code has its scans applied before anybody was told of the name', async () => {
  const code = bench.ean();
  await bench.scan(code, { mode: 'RECEIVE' });
  const late = await behind();
  const item = await bench.item({});
  const { applied } = await late.parked.resolve(bench.shop.actor, { code, itemId: item.id });
  expect(applied.map(brief)).toEqual(['APPLIED RECEIPT 1 (1)']);
});

test('what a batch has moved is seen by all its verdicts', async () => {
  const code = bench.ean();
  await bench.item({ codes: { [code]: '1' }, onHand: '5' });
  const late = await behind();
  expect(await submit(late, [{ code, mode: 'LOOKUP' }, { code }])).toEqual(['APPLIED (4)', 'APPLIED SALE -1 (4)']);
});

test('a look-up is answered by what was acknowledged', async () => {
  const code = bench.ean();
  await bench.item({ codes: { [code]: '1' }, onHand: '5' });
  const late = await behind();
  await bench.scan(code);
  expect(await submit(late, [{ code, mode: 'LOOKUP' }])).toEqual(['APPLIED (5)']);
});
