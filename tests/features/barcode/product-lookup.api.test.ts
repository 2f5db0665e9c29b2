import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGtin14, checkDigit } from '../../../src/kernel/gtin.js';
import { newId } from '../../../src/kernel/ids.js';
import { appClient, testConfig } from '../../support/app.js';
import {
  answers,
  answersEndlessly,
  answersInvalidJson,
  gzipBomb,
  MisbehavingServer,
  rateLimits,
  resetsMidBody,
  type Manner,
} from '../../support/misbehaving-server.js';
import { ScanApp } from './scan-app.js';

const PARKED = '{ parkedScans { nodes { code suggestion { name brand imageUrl source } } } }';
const ACCEPT = `mutation ($code: String!, $sku: String, $name: String, $category: ID) {
  parkedScanAcceptSuggestion(code: $code, sku: $sku, name: $name, category: $category) {
    stockItem { sku name barcodes { value } onHand } applied { outcome movement { quantity } } userErrors { code path }
  }
}`;
const JOBS = '{ outboxJobs(state: WAITING) { nodes { task subject reason attempts } } }';
const knows = (name: string): Manner =>
  answers(200, { status: 1, product: { product_name: name, brands: 'Ace', image_front_url: 'https://i.example/1.jpg' } });

interface Parked {
  readonly code: string;
  readonly suggestion: { readonly name: string } | null;
}

let far: MisbehavingServer;
let started: ScanApp;
let device: string;
let made = 0;
/** A code that no shop knows. */
function unknownCode(): string {
  made += 1;
  const digits = `600300000${String(made).padStart(3, '0')}`;
  return digits + checkDigit(digits);
}
const client = () => appClient(started.app, started.bench.shop.secret);
const jobs = async () => (await client()<{ outboxJobs: { nodes: Record<string, unknown>[] } }>(JOBS)).outboxJobs.nodes;
const park = (code: string) => started.post(device, { code, mode: 'RECEIVE', id: newId() });
async function suggestionFor(code: string): Promise<Parked['suggestion'] | undefined> {
  const { parkedScans } = await client()<{ parkedScans: { nodes: Parked[] } }>(PARKED);
  return parkedScans.nodes.find((each) => each.code === code)?.suggestion;
}

beforeAll(async () => {
  far = await MisbehavingServer.open();
  const config = testConfig({
    PRODUCT_LOOKUP: 'openfoodfacts',
    OPENFOODFACTS_URL: far.url,
    OPENFOODFACTS_PER_MINUTE: '1000',
    OUTBOUND_CONTACT: 'owner@shop.example',
  });
  started = await ScanApp.start({ config });
  device = await started.key('DEVICE', 'RECEIVE');
});
afterAll(async () => {
  await started.stop();
  await far.close();
});

describe('an unknown code', () => {
  test('is looked up once, however often it was scanned, and suggested', async () => {
    far.behave(knows('Maize meal'));
    const code = unknownCode();
    const before = far.requestCount;
    expect(await park(code)).toMatchObject({ status: 202 });
    await park(code);
    expect(await jobs()).toMatchObject([{ task: 'product.look-up', subject: toGtin14(code) }]);
    expect(await suggestionFor(code)).toBeNull();
    await started.app.outbox.drain();
    expect(far.requestCount).toBe(before + 1);
    expect(far.requests.at(-1)?.headers['user-agent']).toContain('(+owner@shop.example)');
    expect(await suggestionFor(code)).toEqual({
      name: 'Maize meal',
      brand: 'Ace',
      imageUrl: 'https://i.example/1.jpg',
      source: 'Open Food Facts',
    });
    expect(await jobs()).toEqual([]);
  });

  test('becomes an item as it is suggested, and what was scanned is applied once', async () => {
    far.behave(knows('Rice 2 kg'));
    const code = unknownCode();
    await park(code);
    await park(code);
    await started.app.outbox.drain();
    const accept = (more: object = {}) =>
      client()<{ parkedScanAcceptSuggestion: object }>(ACCEPT, { code, ...more }).then((data) => data.parkedScanAcceptSuggestion);
    expect(await accept()).toEqual({
      stockItem: { sku: code, name: 'Ace Rice 2 kg', barcodes: [{ value: code }], onHand: '2' },
      applied: [
        { outcome: 'APPLIED', movement: { quantity: '1' } },
        { outcome: 'APPLIED', movement: { quantity: '1' } },
      ],
      userErrors: [],
    });
    expect(await accept({ sku: 'OTHER' })).toMatchObject({ stockItem: null, applied: [], userErrors: [{ code: 'DUPLICATE' }] });
  });

  test("becomes an item in one's own words where one has them", async () => {
    far.behave(knows('Sugar'));
    const code = unknownCode();
    await park(code);
    await started.app.outbox.drain();
    const reply = await client()(ACCEPT, { code, sku: 'sugar-1', name: 'White sugar' });
    expect(reply).toMatchObject({ parkedScanAcceptSuggestion: { stockItem: { sku: 'SUGAR-1', name: 'White sugar' } } });
  });

  test('for which nothing is suggested is refused', async () => {
    const reply = await client()(ACCEPT, { code: unknownCode() });
    expect(reply).toMatchObject({
      parkedScanAcceptSuggestion: { stockItem: null, userErrors: [{ code: 'NOT_FOUND', path: ['code'] }] },
    });
  });

  test.each([
    ["a shop's own text", 'SHELF-7'],
    ['a weighed good', `2000451012955`.slice(0, 12) + checkDigit('200045101295')],
  ])('that is %s is asked of nobody', async (_, code) => {
    expect(await park(code)).toMatchObject({ status: 202 });
    expect(await jobs()).toEqual([]);
  });
});

describe('where nothing is to be looked up', () => {
  test('no job is written', async () => {
    const quiet = await ScanApp.start();
    const code = unknownCode();
    const secret = await quiet.key('DEVICE', 'RECEIVE');
    expect(await quiet.post(secret, { code, mode: 'RECEIVE', id: newId() })).toMatchObject({ status: 202 });
    expect(await quiet.bench.countRows('outbox_job', "task = 'product.look-up'")).toBe(0);
    await quiet.stop();
  });
});

/** What an operator reads of the job that could not be done. */
const FAULTS: readonly (readonly [what: string, manner: Manner, error: RegExp, attempts: number])[] = [
  ['invalid JSON', answersInvalidJson, /Open Food Facts answered with something that cannot be read\./, 1],
  ['endless chunks', answersEndlessly, /openfoodfacts answered with more than \d+ bytes\./, 1],
  ['a gzip bomb', gzipBomb(5), /openfoodfacts answered with more than \d+ bytes\./, 1],
  [
    'a connection that breaks',
    resetsMidBody,
    /openfoodfacts could not be reached or broke off \((ECONNRESET|ERR_HTTP_CONTENT_LENGTH_MISMATCH)\)\./,
    1,
  ],
  ['a storm of errors', answers(503, {}), /Open Food Facts answered with status 503\./, 1],
  ['429 with a long Retry-After', rateLimits(600), /Open Food Facts asks to be asked less often\./, 0],
];

test.each(FAULTS)('%s: the scan is kept all the same, and the job says why it waits', async (_, manner, error, attempts) => {
  // One that is answered in between, so that the breaker stays closed.
  far.behave(knows('Tea'), manner);
  await park(unknownCode());
  await started.app.outbox.drain();
  const code = unknownCode();
  expect(await park(code)).toMatchObject({ status: 202 });
  await started.app.outbox.drain();
  const job = (await jobs()).find(({ subject }) => subject === toGtin14(code));
  expect(job).toMatchObject({ attempts, reason: expect.stringMatching(error) as string });
  expect(await suggestionFor(code)).toBeNull();
});
