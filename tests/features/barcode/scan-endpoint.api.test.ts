import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { SCAN_BURST_REQUESTS, SCAN_REQUESTS_PER_SECOND } from '../../../src/transport/scan-endpoint.js';
import { graphqlReply } from '../../support/app.js';
import { CASE, EACH, ScanEndpointBench, TEXT, TWO_LINES, type Sent } from './scan-endpoint-bench.js';

const UNKNOWN = '6009510800012';
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

let bench: ScanEndpointBench;
beforeAll(async () => {
  bench = await ScanEndpointBench.open();
});
afterAll(() => bench.close());

const device = (mode?: string) => bench.device(mode);
const onHand = () => bench.onHand();
const send = (key: string, body: unknown, sent?: Sent) => bench.send(key, body, sent);

/** What a small screen shows when so many are left. */
const left = (count: number) => `OK Maize meal 10 kg: ${String(count)} left\n`;

describe('bodies', () => {
  test.each<[string, unknown, number, Sent?]>([
    ['text', `${EACH}\n`, 1],
    ['text, in the way of Windows', `${EACH}\r\n`, 1],
    ['curl -d', EACH, 1, { type: FORM }],
    ['curl -d, a code with a space and a slash', TEXT, 1, { type: FORM }],
    ['a form', `code=${EACH}&qty=2`, 2, { type: FORM }],
    ['a form, escaped', `content=MY+OWN%2F1&quantity=3`, 3, { type: FORM }],
    ['JSON', { code: EACH }, 1],
    ['JSON, content and qty', { content: EACH, qty: 4 }, 4],
    ['JSON, barcode and a number as text', { barcode: EACH, qty: '2' }, 2],
    ['JSON, a number as the code', { code: Number(EACH) }, 1],
    [
      'JSON, all there is',
      { id: newId(), code: EACH, mode: 'issue', loc: 'shop', timestamp: '2026-01-01T08:00:00+02:00', seq: 1 },
      1,
    ],
    ['JSON, epoch seconds', { scanId: newId(), code: EACH, timestamp: 1_767_000_000 }, 1],
    ['JSON, epoch milliseconds', { code: EACH, scannedAt: '1767000000000' }, 1],
    ['JSON, a list of one', [{ code: EACH }], 1],
    ['JSON, a list of a code', [EACH], 1],
    ['JSON, one in scans', { scans: [{ code: EACH }] }, 1],
    ["a pack's barcode", CASE, 12],
    ["two of a pack's barcode", { code: CASE, qty: 2 }, 24],
    ["the shop's own text", TEXT, 1],
    ['a code of two lines, as JSON', { code: TWO_LINES }, 1],
    ['the GTIN in an element string', { code: `]C101${'0' + EACH}10LOT1` }, 1],
  ])('%s', async (_, body, sold, sent) => {
    const [key, before] = [await device(), await onHand()];
    expect(await send(key, body, sent)).toEqual([200, left(before - sold)]);
    expect(await onHand()).toBe(before - sold);
  });

  test('several in a body have a line each, whatever they come as', async () => {
    const [key, before] = [await device(), await onHand()];
    // Each line says what its own beep left.
    expect(await send(key, `${EACH}\n${CASE}\n`)).toEqual([207, left(before - 1) + left(before - 13)]);
    expect(await send(key, [EACH, { code: EACH }])).toEqual([207, left(before - 14) + left(before - 15)]);
    expect(await send(key, { scans: [EACH, EACH, 'nobody knows'] })).toEqual([
      207,
      `${left(before - 16)}${left(before - 17)}PARKED nobody knows: unknown code, kept\n`,
    ]);
  });

  test('the key may be in the address', async () => {
    const [key, before] = [await device(), await onHand()];
    expect(await send(key, EACH, { inUrl: true })).toEqual([200, left(before - 1)]);
  });

  test('a location by code and by id', async () => {
    const key = await device('RECEIVE');
    const back = (await bench.locations()).get('BACK');
    expect(await send(key, { code: EACH, loc: 'back' })).toEqual([200, left(1)]);
    expect(await send(key, { code: EACH, location: back })).toEqual([200, left(2)]);
  });

  test('JSON goes out where it is asked for', async () => {
    const [key, before] = [await device(), await onHand()];
    const [status, text] = await send(key, { id: 'beep', code: CASE, qty: 2 }, { accept: JSON_TYPE });
    const level = { id: expect.any(String) as string, onHand: String(before - 24) };
    expect([status, JSON.parse(text)]).toEqual([
      200,
      {
        id: 'beep',
        outcome: 'APPLIED',
        say: left(before - 24).slice('OK '.length, -1),
        stockItem: { id: expect.any(String) as string, sku: 'MAIZE', name: 'Maize meal 10 kg', unit: 'each' },
        level,
        movement: { id: expect.any(String) as string, kind: 'SALE', quantity: '-24', balanceAfter: level.onHand },
        parsed: { gtin: CASE },
        userErrors: [],
      },
    ]);
    const [several, list] = await send(key, [EACH, 'nobody knows'], { accept: JSON_TYPE });
    expect([several, JSON.parse(list)]).toMatchObject([
      207,
      { results: [{ outcome: 'APPLIED' }, { outcome: 'PARKED', stockItem: null }] },
    ]);
  });
});

describe('statuses', () => {
  test('200 again for an id that is sent again, and 409 for another scan under it', async () => {
    const [key, before] = [await device(), await onHand()];
    expect(await send(key, { id: 'a', code: EACH })).toEqual([200, left(before - 1)]);
    expect(await send(key, { id: 'a', code: EACH })).toEqual([200, left(before - 1)]);
    expect((await send(key, { id: 'a', code: EACH, qty: 2 }))[0]).toBe(409);
    expect(await onHand()).toBe(before - 1);
  });

  test('two lines without an id are two beeps', async () => {
    const [key, before] = [await device(), await onHand()];
    await send(key, EACH);
    await send(key, EACH);
    expect(await onHand()).toBe(before - 2);
  });

  test('202 for what nobody knows, which waits to be named', async () => {
    const key = await device();
    expect(await send(key, UNKNOWN)).toEqual([202, `PARKED ${UNKNOWN}: unknown code, kept\n`]);
    const { parkedScans } = await bench.owner<{ parkedScans: { nodes: { code: string }[] } }>(
      '{ parkedScans(first: 100) { nodes { code } } }',
    );
    expect(parkedScans.nodes.map(({ code }) => code)).toContain(UNKNOWN);
  });

  test('401 for no key, a wrong one, one of another make, and at once for one that was revoked', async () => {
    const key = await device();
    expect((await send(key, { code: EACH, mode: 'LOOKUP' }))[0]).toBe(200);
    const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    bench.secrets.push(wrong);
    for (const bad of [wrong, `${key}x`, 'nothing']) {
      expect((await send(bad, EACH))[0]).toBe(401);
      expect((await send(bad, EACH, { inUrl: true }))[0]).toBe(401);
    }
    expect((await bench.app.inject({ method: 'POST', url: '/scan', payload: EACH })).statusCode).toBe(401);
    const { apiKeys } = await bench.owner<{ apiKeys: { id: string }[] }>('{ apiKeys { id } }');
    const revoke = 'mutation ($id: ID!) { apiKeyRevoke(id: $id) { userErrors { message } } }';
    await bench.owner(revoke, { id: apiKeys[0]?.id });
    expect(await send(key, EACH)).toEqual([401, 'NO This device key is not valid\n']);
    const reply = await graphqlReply(bench.app, key, '{ shop { name } }');
    expect(reply.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test.each<[string, unknown]>([
    ['a count without a quantity', { code: EACH, mode: 'COUNT' }],
    ['an unknown code counted without a quantity', { code: UNKNOWN, mode: 'COUNT' }],
    ['more than there is', { code: EACH, qty: 100_000 }],
    ['a wrong check digit', '6001087340001'],
    ['a mode that is none', { code: EACH, mode: 'STEAL' }],
    ['a quantity that is none', { code: EACH, qty: 'two' }],
    ['more digits than are kept', { code: EACH, qty: 0.1234567 }],
    ['less than nothing', { code: EACH, qty: -1 }],
    ['a time that is none', { code: EACH, timestamp: 'yesterday' }],
    ['a location that is none', { code: EACH, loc: 'MOON' }],
    ['a blank id', { code: EACH, id: ' ' }],
    ['no code', { qty: 1 }],
    ['nothing', ''],
  ])('422 for %s, which moves nothing', async (_, body) => {
    const [key, before] = [await device(), await onHand()];
    const [status, text] = await send(key, body);
    expect([status, text]).toEqual([422, expect.stringMatching(/^NO [^\n]{5,}\n$/)]);
    expect(await onHand()).toBe(before);
  });

  test('403 for a key that may not scan', async () => {
    const reader = await bench.key({ name: 'Auditor', role: 'READER' });
    expect((await send(reader, EACH))[0]).toBe(403);
  });

  test('429 for a burst, of that key only', async () => {
    const [key, other] = [await device('LOOKUP'), await device('LOOKUP')];
    const limit = SCAN_REQUESTS_PER_SECOND + SCAN_BURST_REQUESTS;
    const body = { code: EACH, mode: 'STEAL' };
    const statuses = await Promise.all(Array.from({ length: limit * 2 }, async () => (await send(key, body))[0]));
    expect(new Set(statuses)).toEqual(new Set([422, 429]));
    expect(statuses.filter((status) => status === 422).length).toBeGreaterThanOrEqual(limit);
    expect((await send(other, EACH))[0]).toBe(200);
  });
});

describe('modes', () => {
  test('LOOKUP moves nothing', async () => {
    const [key, before] = [await device('LOOKUP'), await onHand()];
    expect(await send(key, EACH)).toEqual([200, left(before)]);
    expect(await send(key, { code: CASE, qty: 5 })).toEqual([200, left(before)]);
    expect(await onHand()).toBe(before);
  });

  test('COUNT sets, and zero is a count', async () => {
    const key = await device('COUNT');
    expect(await send(key, { code: EACH, loc: 'BACK', qty: 0 })).toEqual([200, left(0)]);
    expect(await send(key, { code: EACH, loc: 'BACK', qty: 7 })).toEqual([200, left(7)]);
  });
});

test('no key is ever logged, not even with all that the database is told', async () => {
  const key = await device();
  await send(key, EACH, { inUrl: true });
  for (const url of [`/scan/${key}/more`, `/scans/${key}`, `/%73can/${key}`, `/scan/${key}%zz`, `/graphql?key=${key}`]) {
    await bench.app.inject({ method: 'POST', url, payload: 'x', headers: { 'content-type': 'text/plain' } });
    await bench.app.inject({ method: 'GET', url });
  }
  const { log, secrets } = bench;
  expect(/insert into .*stock_movement/.test(log)).toBe(true);
  expect(log.includes('"route":"/scan/[hidden]"')).toBe(true);
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
