import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCAN_BURST_REQUESTS, SCAN_REQUESTS_PER_SECOND } from '../../src/transport/scan-endpoint.js';
import { KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';

let shop: SmallShop;
beforeAll(async () => {
  shop = await startSmallShop();
});
afterAll(() => shop.server.close());

interface Sent {
  type?: string;
  accept?: string;
  key?: string;
  url?: string;
}

function scan(body: string, { type = 'text/plain', accept = '*/*', key = KEYS.device, url = '/scan' }: Sent = {}) {
  const headers = { 'content-type': type, accept, ...(url === '/scan' && { authorization: `Bearer ${key}` }) };
  return shop.server.inject({ method: 'POST', url, headers, body });
}

describe('POST /scan', () => {
  test.each([
    ['maize', 200, 'OK maize: 11 left\n'],
    ['again', 200, 'OK again: 11 left\n'],
    ['unknown', 202, 'PARKED unknown: 11 left\n'],
    ['bad', 422, 'NO no such\n'],
    ['reused', 409, 'NO no such\n'],
    ['maize\nbad\nunknown', 207, 'OK maize: 11 left\nNO no such\nPARKED unknown: 11 left\n'],
  ])('%j is answered with %s', async (body, status, text) => {
    const response = await scan(body);
    expect([response.statusCode, response.body]).toEqual([status, text]);
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  test('JSON goes out when it is asked for', async () => {
    const one = await scan('{"id":"b1","code":"maize"}', { type: 'application/json', accept: 'application/json, */*' });
    expect(one.json()).toEqual({ id: 'b1', outcome: 'APPLIED' });
    const several = await scan('maize\nunknown', { accept: 'application/json' });
    expect(several.json()).toEqual({
      results: [
        { id: 'scan-0', outcome: 'APPLIED' },
        { id: 'scan-1', outcome: 'PARKED' },
      ],
    });
    expect((await scan('maize', { accept: 'text/plain, application/json' })).body).toBe('OK maize: 11 left\n');
  });

  test('the key may be in the address, and a body may come without a content type', async () => {
    const { statusCode } = await shop.server.inject({ method: 'POST', url: `/scan/${KEYS.device}`, body: 'maize' });
    expect(statusCode).toBe(200);
    expect((await scan('maize', { type: 'application/x-www-form-urlencoded', url: `/scan/${KEYS.device}` })).body).toBe(
      'OK maize: 11 left\n',
    );
    expect(shop.door.submitted.at(-1)).toEqual([{ code: 'maize' }]);
  });

  test.each([['/scan/dk_wrong'], ['/scan']])('a wrong key is 401 at %s', async (url) => {
    const response = await scan('maize', { url, key: 'dk_wrong' });
    expect([response.statusCode, response.body]).toEqual([401, 'NO This device key is not valid\n']);
    expect((await shop.server.inject({ method: 'POST', url: '/scan', body: 'x' })).statusCode).toBe(401);
  });

  test('what cannot be read says what to do, in one line', async () => {
    const broken = await scan('{', { type: 'application/json' });
    expect([broken.statusCode, broken.body]).toEqual([400, expect.stringMatching(/^NO The body is not valid JSON: send .*\n$/)]);
    expect((await scan('')).statusCode).toBe(422);
    const json = await scan('{', { type: 'application/json', accept: 'application/json' });
    expect(json.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect((await scan('1\n'.repeat(501))).statusCode).toBe(413);
    expect((await scan('x'.repeat(1_100_000))).statusCode).toBe(413);
  });

  test('a form in parts is 415, in one line', async () => {
    const sent = { type: 'multipart/form-data; boundary=x' };
    const response = await scan('--x\r\nContent-Disposition: form-data; name="code"\r\n\r\nmaize\r\n--x--\r\n', sent);
    expect([response.statusCode, response.body]).toEqual([
      415,
      expect.stringMatching(/^NO multipart\/form-data is not read .*\n$/),
    ]);
    const json = await scan('--x--', { ...sent, accept: 'application/json' });
    expect(json.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] });
  });

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('%s is told that it is POST', async (method) => {
    for (const url of ['/scan', `/scan/${KEYS.device}`]) {
      const { statusCode, headers, body } = await shop.server.inject({ method, url });
      expect([statusCode, headers.allow]).toEqual([405, 'POST']);
      if (method !== 'HEAD') expect(body).toBe('NO A scan is sent with POST\n');
    }
  });

  test('a bug is masked', async () => {
    const response = await scan('boom');
    expect([response.statusCode, response.body]).toEqual([500, 'NO Internal server error\n']);
    expect(shop.logs()).toContain('secret of the database');
  });
});

test('requests above the rate are 429 with retry-after, those of another key are not', async () => {
  const spent = 20;
  const limit = SCAN_REQUESTS_PER_SECOND + SCAN_BURST_REQUESTS - spent;
  const responses = await Promise.all(Array.from({ length: limit + 500 }, () => scan('maize')));
  const refused = responses.filter(({ statusCode }) => statusCode === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(responses.slice(0, limit).every(({ statusCode }) => statusCode === 200)).toBe(true);
  expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/);
  expect(refused[0]?.body).toMatch(/^NO Too many requests from this key: try again in \d+ s\n$/);
  expect((await scan('maize', { key: KEYS.owner })).statusCode).toBe(200);
});
